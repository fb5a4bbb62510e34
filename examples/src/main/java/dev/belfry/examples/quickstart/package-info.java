// SPDX-License-Identifier: Apache-2.0
/** The nightly clean-up and the mail queue of a small application, in its own database. */
package dev.belfry.examples.quickstart;

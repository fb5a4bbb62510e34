// SPDX-License-Identifier: Apache-2.0
/** The first program of the README, in memory and kept in a database. */
package dev.belfry.examples.hello;

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.retry;

/** An outcome and the exception of the chain that led to it. */
record Verdict(Outcome outcome, Throwable failure) {}

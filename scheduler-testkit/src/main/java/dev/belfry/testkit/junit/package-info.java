// SPDX-License-Identifier: Apache-2.0

/** The JUnit extension of the testkit. */
@NullMarked
package dev.belfry.testkit.junit;

import org.jspecify.annotations.NullMarked;

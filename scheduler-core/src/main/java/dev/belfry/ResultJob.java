// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import org.jspecify.annotations.Nullable;

/**
 * A job whose handler returns a result, which is stored with the run.
 *
 * @param <I> the type of the input
 * @param <O> the type of the result
 */
public sealed interface ResultJob<I extends @Nullable Object, O extends @Nullable Object>
    extends Job<I> permits JobDefinition {}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.util.Optional;

/**
 * What one look of {@link JobContext#waitUntil} has shown. Immutable.
 *
 * @param <S> the type of what is carried from look to look
 */
public final class Poll<S> {
  /**
   * Looks once.
   *
   * @param <S> the type of what is carried from look to look
   */
  @FunctionalInterface
  public interface Look<S> {
    /**
     * Looks.
     *
     * @param last what the look before returned
     * @throws Exception what makes this look, and the attempt, fail
     */
    Poll<S> look(Optional<S> last) throws Exception;
  }

  private final boolean over;
  private final S state;

  private Poll(boolean over, S state) {
    this.over = over;
    this.state = state;
  }

  /** Ends the wait with a value. */
  public static <S> Poll<S> done(S value) {
    return new Poll<>(true, value);
  }

  /** Goes on waiting; the next look is given this. */
  public static <S> Poll<S> again(S state) {
    return new Poll<>(false, state);
  }

  boolean isOver() {
    return over;
  }

  S state() {
    return state;
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Refuses numbers that could not be read back. */
final class StrictGenerator extends JsonGeneratorDelegate {
  private static final int MAX_NUMBER = 1_000;

  StrictGenerator(JsonGenerator out) {
    super(out, false);
  }

  @Override
  public void writeNumber(double value) throws IOException {
    requireFinite(value);
    super.writeNumber(value);
  }

  @Override
  public void writeNumber(float value) throws IOException {
    requireFinite(value);
    super.writeNumber(value);
  }

  @Override
  public void writeNumber(BigInteger value) throws IOException {
    requireShort(value);
    super.writeNumber(value);
  }

  @Override
  public void writeNumber(BigDecimal value) throws IOException {
    requireShort(value);
    super.writeNumber(value);
  }

  @Override
  public void writeArray(double[] array, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      requireFinite(array[i]);
    }
    super.writeArray(array, offset, length);
  }

  private void requireFinite(double value) throws IOException {
    if (!Double.isFinite(value)) {
      _reportError("expected a finite number, was " + value);
    }
  }

  private void requireShort(Number value) throws IOException {
    int length = value.toString().length();
    if (length > MAX_NUMBER) {
      _reportError("a number has at most " + MAX_NUMBER + " characters, was " + length);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/**
 * One measured value.
 *
 * @param variant of the row, if it has several; else empty
 * @param round from 1; 0 warms up, and the one that counts has {@link Lab#COUNTING}
 */
record Sample(
    Product product,
    String row,
    String variant,
    Contender contender,
    int round,
    String measure,
    double value) {
  static final String HEADER = "database\trow\tvariant\tcontender\tround\tmeasure\tvalue";

  String toLine() {
    return String.join(
        "\t",
        product.key(),
        row,
        variant,
        contender.key(),
        Integer.toString(round),
        measure,
        Double.toString(value));
  }
}

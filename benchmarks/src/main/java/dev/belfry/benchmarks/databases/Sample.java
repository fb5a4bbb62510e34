// SPDX-License-Identifier: Apache-2.0
package dev.belfry.benchmarks.databases;

/**
 * One measured value.
 *
 * @param round from 1; those before warm up, and the one that counts has {@link Lab#COUNTING}
 */
record Sample(
    Product product, String row, Contender contender, int round, String measure, double value) {
  static final String HEADER = "database\trow\tcontender\tround\tmeasure\tvalue";

  String toLine() {
    return String.join(
        "\t",
        product.key(),
        row,
        contender.key(),
        Integer.toString(round),
        measure,
        Double.toString(value));
  }
}

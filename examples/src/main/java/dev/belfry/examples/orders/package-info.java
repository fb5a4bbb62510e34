// SPDX-License-Identifier: Apache-2.0
/** Jobs and the application's own rows in one transaction: by plain JDBC, and with Spring. */
package dev.belfry.examples.orders;

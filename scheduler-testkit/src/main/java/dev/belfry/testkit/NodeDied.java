// SPDX-License-Identifier: Apache-2.0
package dev.belfry.testkit;

/** Ends whatever a node does that has died. An error, as handlers are to catch exceptions only. */
final class NodeDied extends Error {
  private static final long serialVersionUID = 1L;

  NodeDied(String at) {
    super("this node dies " + at, null, false, false);
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Principal;
import java.util.HexFormat;

/**
 * Who was let in, and by which token.
 *
 * @param principal who
 * @param proof SHA-256 of the token, in hex; empty if it was something else
 */
record Granted(Principal principal, String proof) {
  static Granted by(byte[] hash, Principal principal) {
    return new Granted(principal, HexFormat.of().formatHex(hash));
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http;

import java.io.InputStream;
import java.net.InetAddress;

/**
 * A request, as some server took it.
 *
 * @param method in upper case
 * @param base the path under which the handler stands, without a slash at its end: empty, or as
 *     {@code /ops/jobs}
 * @param path the rest of the path, as it was sent, still percent-encoded; begins with a slash
 * @param query what follows the question mark, as it was sent; empty if nothing does
 * @param headers the header fields
 * @param body the body; empty if there is none. Read it at most once
 * @param remote the address of who is at the other end of the connection
 * @param secure whether the connection is encrypted, as far as the server knows
 */
public record Request(
    String method,
    String base,
    String path,
    String query,
    Headers headers,
    InputStream body,
    InetAddress remote,
    boolean secure) {}

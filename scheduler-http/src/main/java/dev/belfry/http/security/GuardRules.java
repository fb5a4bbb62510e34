// SPDX-License-Identifier: Apache-2.0
package dev.belfry.http.security;

import dev.belfry.http.Authenticator;
import java.util.Optional;

/**
 * What a guard goes by.
 *
 * @param hosts the names by which the server may be asked
 * @param from where requests may come from; none: anywhere
 * @param proxies whose word on addresses and encryption is taken
 * @param readOnly whether nothing may be changed
 * @param loginPage whether there is a page for browsers to log in at
 * @param authenticator who else says who asks
 */
public record GuardRules(
    HostNames hosts,
    Networks from,
    Networks proxies,
    boolean readOnly,
    boolean loginPage,
    Optional<Authenticator> authenticator) {}

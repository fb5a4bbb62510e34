// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** Which Belfry this is. */
final class Version {
  /** For people; a jar knows, a class folder does not. */
  static final String TEXT =
      Optional.ofNullable(Version.class.getModule().getDescriptor())
          .flatMap(ModuleDescriptor::rawVersion)
          .or(() -> Optional.ofNullable(Version.class.getPackage().getImplementationVersion()))
          .orElse("(unversioned)");

  private Version() {}
}

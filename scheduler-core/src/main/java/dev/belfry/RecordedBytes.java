// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.store.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A payload in the document of a run: as text if its bytes are one.
 *
 * @param codec the id of the codec that wrote it
 * @param text the bytes, if they are UTF-8
 * @param bytes the bytes, if they are not
 */
record RecordedBytes(String codec, Optional<String> text, Optional<byte[]> bytes) {
  static RecordedBytes of(Payload payload) {
    byte[] bytes = payload.bytes();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new RecordedBytes(payload.codec(), Optional.of(text), Optional.empty());
    } catch (CharacterCodingException e) {
      return new RecordedBytes(payload.codec(), Optional.empty(), Optional.of(bytes));
    }
  }

  Payload payload() {
    return Payload.of(
        codec,
        text.map(plain -> plain.getBytes(StandardCharsets.UTF_8))
            .or(() -> bytes)
            .orElseThrow(
                () -> new IllegalArgumentException("a value must have \"text\" or \"bytes\"")));
  }
}

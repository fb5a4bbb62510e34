// SPDX-License-Identifier: Apache-2.0
package dev.belfry;

import dev.belfry.run.EventId;
import dev.belfry.run.Part;
import dev.belfry.run.TypeRef;
import dev.belfry.store.Codec;
import dev.belfry.store.MemoValue;
import dev.belfry.store.Payload;
import dev.belfry.store.SentEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** An event, and how one is kept in the memo of the wait that it ended. */
record ReceivedEvent<E>(EventId id, String name, Optional<String> key, Instant sentAt, E data)
    implements Event<E> {
  /*
   * The node that delivers an event need not know its type. So what is kept is a line of ours, and
   * then the data as they were sent, with their codec.
   */
  private record Head(String name, Instant sentAt, Optional<String> key) {}

  private static final Codec HEADS = Codec.standard();
  private static final TypeRef<Head> HEAD = TypeRef.of(Head.class);

  static <E> ReceivedEvent<E> of(SentEvent sent, EventType<E> type, Payloads payloads) {
    return new ReceivedEvent<>(
        sent.id(),
        sent.name(),
        sent.key(),
        sent.sentAt(),
        payloads.decode(type.data(), sent.data()));
  }

  /** Returns what is kept of an event. */
  static Payload keep(SentEvent sent) {
    byte[] head = HEADS.encode(HEAD, new Head(sent.name(), sent.sentAt(), sent.key()));
    byte[] kept = Arrays.copyOf(head, head.length + 1 + sent.data().size());
    kept[head.length] = '\n'; // strict JSON has none inside of a text
    System.arraycopy(sent.data().bytes(), 0, kept, head.length + 1, sent.data().size());
    return Payload.of(sent.data().codec(), kept);
  }

  /** Returns the name of an event that was kept. */
  static String nameOf(Payload kept) {
    return head(kept).name();
  }

  /** Returns an event that was kept, for people. */
  static Part.Received shown(MemoValue.Received received) {
    Payload kept = received.payload();
    Head head = head(kept);
    return new Part.Received(
        received.event(), head.name(), head.key(), head.sentAt(), data(kept).toString());
  }

  private static Payload data(Payload kept) {
    int start = endOfHead(kept) + 1;
    return Payload.of(kept.codec(), Arrays.copyOfRange(kept.bytes(), start, kept.size()));
  }

  private static Head head(Payload kept) {
    return HEADS.decode(HEAD, Arrays.copyOf(kept.bytes(), endOfHead(kept)));
  }

  private static int endOfHead(Payload kept) {
    int end = 0;
    while (kept.bytes()[end] != '\n') {
      end++;
    }
    return end;
  }

  /** Returns an event that was kept. */
  static <E> ReceivedEvent<E> read(EventId id, Payload kept, EventType<E> type, Payloads payloads) {
    Head head = head(kept);
    return new ReceivedEvent<>(
        id, type.name(), head.key(), head.sentAt(), payloads.decode(type.data(), data(kept)));
  }
}

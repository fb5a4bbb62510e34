// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Elements in order, no two of them equal in it; for very many of them. */
final class MemoryOrder<E> {
  /*
   * Chunks of sorted arrays: an element costs little more than a reference, where a tree would cost
   * forty bytes. Most things are added at the end, which finds its place at once. Of neighbours at
   * least one is a quarter full, so that what is left of many does not keep their room.
   *
   * Whoever asks for a place says which elements are before it; these must be the first ones.
   */
  private static final int CHUNK = 512;

  private final Comparator<? super E> order;
  private final List<List<E>> chunks = new ArrayList<>();

  MemoryOrder(Comparator<? super E> order) {
    this.order = order;
  }

  void add(E element) {
    if (chunks.isEmpty()) {
      chunks.add(chunkOf(List.of(element)));
      return;
    }
    Predicate<E> before = before(element);
    int index = index(before);
    var chunk = chunks.get(index);
    int place = place(chunk, before);
    if (chunk.size() < CHUNK) {
      chunk.add(place, element);
    } else if (place < CHUNK) {
      split(index);
      add(element);
    } else if (index + 1 < chunks.size() && chunks.get(index + 1).size() < CHUNK) {
      chunks.get(index + 1).add(0, element);
    } else {
      chunks.add(index + 1, chunkOf(List.of(element)));
    }
  }

  private static <E> List<E> chunkOf(List<E> elements) {
    return new ArrayList<>(elements);
  }

  private void split(int index) {
    var upper = chunks.get(index).subList(CHUNK / 2, CHUNK);
    chunks.add(index + 1, chunkOf(upper));
    upper.clear();
  }

  /** Takes an element out, which must be in. */
  void remove(E element) {
    Predicate<E> before = before(element);
    int index = index(before);
    int place = place(chunks.get(index), before);
    if (place == chunks.get(index).size()) { // it begins the next one
      index++;
      place = 0;
    }
    chunks.get(index).remove(place);
    tidy(index);
    tidy(index - 1);
  }

  /** Merges a chunk with the next one, if both are small. */
  private void tidy(int index) {
    if (index < 0 || index >= chunks.size()) {
      return;
    }
    if (chunks.get(index).isEmpty()) {
      chunks.remove(index);
    } else if (index + 1 < chunks.size()
        && chunks.get(index).size() + chunks.get(index + 1).size() < CHUNK / 2) {
      var both = chunkOf(chunks.get(index));
      both.addAll(chunks.remove(index + 1));
      chunks.set(index, both);
    }
  }

  /** Returns the first element that is not before a place. */
  @Nullable E first(Predicate<? super E> isBefore) {
    if (chunks.isEmpty()) {
      return null;
    }
    int index = index(isBefore);
    var chunk = chunks.get(index);
    int place = place(chunk, isBefore);
    if (place < chunk.size()) {
      return chunk.get(place);
    }
    return index + 1 < chunks.size() ? chunks.get(index + 1).get(0) : null;
  }

  Stream<E> stream() {
    return from(element -> false);
  }

  /** Returns the elements that are not before a place, in order. */
  Stream<E> from(Predicate<? super E> isBefore) {
    if (chunks.isEmpty()) {
      return Stream.empty();
    }
    int index = index(isBefore);
    return stream(new Walk(index, place(chunks.get(index), isBefore)));
  }

  /** Returns the elements that are before a place, the last one first. */
  Stream<E> downFrom(Predicate<? super E> isBefore) {
    if (chunks.isEmpty()) {
      return Stream.empty();
    }
    int index = index(isBefore);
    var last = chunks.get(index);
    return Stream.concat(
        reversed(last.subList(0, place(last, isBefore))),
        reversed(chunks.subList(0, index)).flatMap(MemoryOrder::reversed));
  }

  private static <T> Stream<T> reversed(List<T> list) {
    int last = list.size() - 1;
    return Stream.iterate(last, i -> i >= 0, i -> i - 1).map(list::get);
  }

  private static <T> Stream<T> stream(Iterator<T> iterator) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
  }

  private Predicate<E> before(E element) {
    return other -> order.compare(other, element) < 0;
  }

  /** Returns the last chunk that begins before a place, or the first one. */
  private int index(Predicate<? super E> isBefore) {
    int low = 0;
    int high = chunks.size() - 1;
    if (isBefore.test(chunks.get(high).get(0))) {
      return high;
    }
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (isBefore.test(chunks.get(middle).get(0))) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Returns how many elements of a chunk are before a place. */
  private static <E> int place(List<E> chunk, Predicate<? super E> isBefore) {
    int low = 0;
    int high = chunk.size();
    if (isBefore.test(chunk.get(high - 1))) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isBefore.test(chunk.get(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Goes up from a place. */
  private final class Walk implements Iterator<E> {
    private int index;
    private int place;

    Walk(int index, int place) {
      this.index = index;
      this.place = place;
    }

    @Override
    public boolean hasNext() {
      if (index < chunks.size() && place == chunks.get(index).size()) {
        index++;
        place = 0;
      }
      return index < chunks.size();
    }

    @Override
    public E next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return chunks.get(index).get(place++);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * A record as it stood when it was read.
 *
 * @param kind what it is, in the words of its module
 * @param id tells it from others of its kind
 * @param version 1 for a new one; grows by one with each write
 * @param content what it says
 */
public record StoredRecord(String kind, String id, long version, RecordContent content) {}

// SPDX-License-Identifier: Apache-2.0
package dev.belfry.store;

/**
 * One (job, priority): how runs are indexed and claimed.
 *
 * @param id a small number, stable for the life of the store
 * @param job the name of the job
 * @param priority -4 to 4, higher first
 * @param queue the queue that the job was last declared in
 */
public record Lane(int id, String job, int priority, String queue) {}

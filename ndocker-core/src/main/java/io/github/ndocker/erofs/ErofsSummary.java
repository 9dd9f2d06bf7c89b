package io.github.ndocker.erofs;

import java.util.UUID;

/**
 * What was written. Immutable.
 *
 * @param bytes size of the image
 * @param inodes files of all types, hard links counted once
 * @param uuid identifies the image; derived from its bytes
 * @param droppedXattrs extended attributes left out, because Linux knows no such name or overlayfs
 *     would take them for its own
 */
public record ErofsSummary(long bytes, int inodes, UUID uuid, int droppedXattrs) {}

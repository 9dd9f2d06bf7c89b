package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;

/**
 * A name in a directory of an {@link ImageTree}. Immutable.
 *
 * @param name one path component
 * @param nid the inode it names, for {@link ImageTree#file}
 */
public record ImageEntry(ByteString name, long nid) {}

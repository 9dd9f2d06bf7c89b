package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A limit on what a directory and everything below it take, on file systems that keep project
 * quotas: ext4 and XFS mounted with {@code prjquota} ({@code quotactl(2)}, {@code
 * ioctl_xfs_fsgetxattr(2)}). Needs Linux 5.14.
 */
public final class ProjectQuota implements Closeable {
  private static final long FS_IOC_FSGETXATTR = 0x801c581fL;
  private static final long FS_IOC_FSSETXATTR = 0x401c5820L;
  private static final int FSXATTR_BYTES = 28;
  private static final int PROJECT_OFFSET = 12;
  private static final int FS_XFLAG_PROJINHERIT = 0x200;

  private static final int PRJQUOTA = 2;
  private static final int Q_GETQUOTA = 0x800007 << 8 | PRJQUOTA;
  private static final int Q_SETQUOTA = 0x800008 << 8 | PRJQUOTA;
  private static final int DQBLK_BYTES = 72;
  private static final int USED_OFFSET = 16;
  private static final int VALID_OFFSET = 64;
  private static final int QIF_BLIMITS = 1;
  private static final int BLOCK = 1024;

  /** Far from the numbers that people give, and from those of other programs. */
  private static final int FIRST_PROJECT = 0x4e44_0000;

  private static final int PROJECTS = 1 << 24;
  private static final int ATTEMPTS = 64;

  private final Descriptor directory;

  private ProjectQuota(Descriptor directory) {
    this.directory = directory;
  }

  /**
   * Opens a directory for its quota.
   *
   * @param directory which
   * @return to be closed by the caller
   * @throws SystemCallException if it cannot be opened
   */
  public static ProjectQuota of(Path directory) throws SystemCallException {
    return new ProjectQuota(Descriptor.openDirectory(directory));
  }

  /**
   * Limits an empty directory. What is made in it counts from then on.
   *
   * @param bytes at most so many
   * @throws SystemCallException if its file system keeps no such quotas, or the kernel refuses
   */
  public void limit(long bytes) throws SystemCallException {
    synchronized (ProjectQuota.class) {
      int project = unused();
      setLimit(project, Math.max(1, (bytes + BLOCK - 1) / BLOCK));
      setProject(project);
    }
  }

  /**
   * Gives the limit up, if the directory has one that was set here.
   *
   * @throws SystemCallException if the kernel refuses
   */
  public void release() throws SystemCallException {
    int project;
    try {
      project = project();
    } catch (SystemCallException e) {
      // a file system that knows no projects
      return;
    }
    if (project >= FIRST_PROJECT && project < FIRST_PROJECT + PROJECTS) {
      try {
        setLimit(project, 0);
      } catch (SystemCallException e) {
        // mounted without quotas by now: nothing limits it
        if (e.errno() != SystemCallException.ESRCH
            && e.errno() != SystemCallException.ENOSYS
            && e.errno() != SystemCallException.EOPNOTSUPP) {
          throw e;
        }
      }
    }
  }

  /** One that nothing counts for and that has no limit. */
  private int unused() throws SystemCallException {
    try (Memory quota = new Memory(DQBLK_BYTES)) {
      for (int attempt = 1; ; attempt++) {
        int project = FIRST_PROJECT + ThreadLocalRandom.current().nextInt(PROJECTS);
        quota.clear();
        try {
          quotactl(Q_GETQUOTA, project, quota);
        } catch (SystemCallException e) {
          // how some file systems say that they have never heard of it
          if (e.errno() == SystemCallException.ENOENT) {
            return project;
          }
          throw e;
        }
        if (attempt == ATTEMPTS || (quota.getLong(0) | quota.getLong(USED_OFFSET)) == 0) {
          return project;
        }
      }
    }
  }

  private void setLimit(int project, long blocks) throws SystemCallException {
    try (Memory quota = new Memory(DQBLK_BYTES)) {
      quota.clear();
      quota.setLong(0, blocks);
      quota.setInt(VALID_OFFSET, QIF_BLIMITS);
      quotactl(Q_SETQUOTA, project, quota);
    }
  }

  private void quotactl(int command, int project, Memory quota) throws SystemCallException {
    LibC.check(
        "quotactl",
        LibC.syscall(LibC.SYS_QUOTACTL_FD, directory.number(), command, project, quota));
  }

  private int project() throws SystemCallException {
    try (Memory attributes = new Memory(FSXATTR_BYTES)) {
      LibC.check(
          "FS_IOC_FSGETXATTR", LibC.ioctl(directory.number(), FS_IOC_FSGETXATTR, attributes));
      return attributes.getInt(PROJECT_OFFSET);
    }
  }

  private void setProject(int project) throws SystemCallException {
    try (Memory attributes = new Memory(FSXATTR_BYTES)) {
      LibC.check(
          "FS_IOC_FSGETXATTR", LibC.ioctl(directory.number(), FS_IOC_FSGETXATTR, attributes));
      attributes.setInt(0, attributes.getInt(0) | FS_XFLAG_PROJINHERIT);
      attributes.setInt(PROJECT_OFFSET, project);
      LibC.check(
          "FS_IOC_FSSETXATTR", LibC.ioctl(directory.number(), FS_IOC_FSSETXATTR, attributes));
    }
  }

  @Override
  public void close() {
    directory.close();
  }
}

package io.github.ndocker.store;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes out of a damaged catalogue what is still good. */
final class CatalogueSalvage {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogueSalvage.class);

  private CatalogueSalvage() {}

  static void copy(Catalogue damaged, Catalogue fresh) throws IOException {
    copy("images", damaged.images()::list, fresh.images()::put);
    copy("profiles", damaged.profiles()::list, fresh.profiles()::put);
    copy("promotions", damaged.promotions()::list, fresh.promotions()::put);
    copy("starts", damaged.starts()::list, row -> fresh.starts().put(List.of(row)));
    copy("leases", damaged.leases()::list, fresh.leases()::put);
    copy("split blobs", damaged.splits()::list, fresh.splits()::put);
    copy("moves", damaged.moves()::list, fresh.moves()::put);
    copy("retired copies", damaged.retired()::list, copy -> fresh.retired().add(List.of(copy)));
  }

  private static <T> void copy(String what, Rows<T> rows, Receiver<T> receiver) throws IOException {
    List<T> good;
    try {
      good = rows.list();
    } catch (IOException e) {
      // a table of which nothing can be read; all of it is lost
      LOG.warn("no {} could be taken out of the damaged catalogue: {}", what, e.getMessage());
      return;
    }
    for (T row : good) {
      receiver.put(row);
    }
    LOG.info("{} {} taken out of the damaged catalogue", good.size(), what);
  }

  private interface Rows<T> {
    List<T> list() throws IOException;
  }

  private interface Receiver<T> {
    void put(T row) throws IOException;
  }
}

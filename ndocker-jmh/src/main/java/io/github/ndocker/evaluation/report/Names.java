package io.github.ndocker.evaluation.report;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Names in the order of reports; others come after them, in the order in which they appear.
 *
 * @param known the first ones
 */
record Names(List<String> known) {
  static final Names ARMS =
      new Names(
          List.of(
              "containerd-slow",
              "stargz",
              "containerd-fast",
              "all-slow",
              "all-fast",
              "n-docker-static",
              "n-docker",
              "n-docker-files",
              "n-docker-read-ahead",
              "n-docker-predicted",
              "n-docker-no-fast",
              "download",
              "all-fast-streaming",
              "n-docker-pipelined"));
  static final Names CATEGORIES =
      new Names(List.of("distro", "database", "language", "web server", "web framework", "other"));
  static final Names DEVICES = new Names(List.of("hdd", "hdd-free-writes", "cloud", "none"));
  static final Names NETWORKS = new Names(List.of("100mbit", "1gbit", "unlimited"));
  static final Names STARTERS = new Names(List.of("crun", "ctr"));

  /** The different ones of these names, sorted. */
  List<String> sorted(Collection<String> names) {
    return names.stream().distinct().sorted(order()).toList();
  }

  /** Known names before others, which are equal to each other: sorting keeps their order. */
  Comparator<String> order() {
    return Comparator.comparingInt(
        name -> known.contains(name) ? known.indexOf(name) : known.size());
  }
}

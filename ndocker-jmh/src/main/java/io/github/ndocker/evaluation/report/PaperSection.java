package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The paper's headline numbers beside the same numbers here. */
final class PaperSection {
  private static final List<String> HEAD =
      List.of(
          "",
          "paper (1 Gbit/s)",
          "network here",
          "here, Docker is `containerd-slow` or `-fast`",
          "here, Docker is `all-slow` or `all-fast`");

  private final DeviceMeasurements device;

  PaperSection(DeviceMeasurements device) {
    this.device = device;
  }

  void write(Markdown report) {
    List<List<String>> rows = new ArrayList<>();
    for (Claim claim : Claim.ALL) {
      for (String network :
          claim.quantity().kind() == Kind.DEPLOYMENT ? device.networks() : List.of("")) {
        Metric metric = Metric.ofFigure(device, claim.quantity(), network);
        Optional<String> peer = claim.here(metric, claim.peer());
        Optional<String> own = claim.here(metric, claim.own());
        if (peer.isPresent() || own.isPresent()) {
          rows.add(List.of(claim.says(), claim.paper(), network, peer.orElse(""), own.orElse("")));
        }
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    report.heading(3, "The paper's numbers and these");
    report.paragraph(
        "N-Docker is `n-docker`. The paper's systems differ in placement only, which here is the"
            + " last column; the one before it compares with another program as people use it.");
    report.table(HEAD, rows);
    report.list(
        List.of(
            "Times: for each image the ratio of the two medians; then the geometric mean over the"
                + " images that have both. Less than a millisecond counts as one.",
            "Bytes: the medians of all images that have both, summed for each of the two; then the"
                + " ratio of the sums.",
            "Deployment until durable runs from the first request to ready to start and safe from a"
                + " power cut; for containerd it includes the `syncfs` that its pull leaves out."
                + " As users see it, it ends when the pull says so."));
  }
}

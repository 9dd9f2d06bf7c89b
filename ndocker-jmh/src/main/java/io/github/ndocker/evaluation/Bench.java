package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.ColdStart;
import java.util.List;

/**
 * What is measured on.
 *
 * @param devices slow and fast
 * @param arms what is compared
 * @param networks ways to the registry; images stay deployed from the last one
 */
record Bench(ColdStart.Devices devices, Arms arms, List<Network> networks) {
  Bench {
    networks = List.copyOf(networks);
  }

  Network lastNetwork() {
    return networks.get(networks.size() - 1);
  }

  String device() {
    return devices.slow().profile().toString();
  }
}

package io.github.ndocker.simulation;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerState;
import java.util.ArrayList;
import java.util.List;

/** Three layers at a time, from the bottom up, with equal shares of the network. */
final class Downloads {
  private static final int SLOTS = 3;

  private final List<Layer> layers;
  private final double bytesPerSecond;
  private final List<Integer> active = new ArrayList<>();
  private final double[] arrived;
  private int begun;
  private double now;

  Downloads(List<Layer> layers, double bytesPerSecond) {
    this.layers = layers;
    this.bytesPerSecond = bytesPerSecond;
    this.arrived = new double[layers.size()];
    begin();
  }

  /** What comes next of a layer that is downloading: its end, or a point before that. */
  @FunctionalInterface
  interface Mark {
    /** In compressed bytes from the layer's begin. */
    double of(int layer);
  }

  /** The time, in seconds. */
  double now() {
    return now;
  }

  boolean areOver() {
    return active.isEmpty();
  }

  long arrivedBytes(int layer) {
    return Math.min((long) arrived[layer], layers.get(layer).compressedBytes());
  }

  LayerState state(int layer) {
    if (layer >= begun) {
      return LayerState.WAITING;
    }
    return active.contains(layer) ? LayerState.DOWNLOADING : LayerState.DOWNLOADED;
  }

  /** When the first of the marks is reached; infinite if nothing downloads. */
  double next(Mark mark) {
    double next = Double.POSITIVE_INFINITY;
    for (int layer : active) {
      next = Math.min(next, secondsTo(mark, layer));
    }
    return now + next;
  }

  /** The layer that reaches its mark first. */
  int first(Mark mark) {
    int first = active.get(0);
    for (int layer : active) {
      if (secondsTo(mark, layer) < secondsTo(mark, first)) {
        first = layer;
      }
    }
    return first;
  }

  /** Lets time pass; no mark lies in between. */
  void advance(double time) {
    for (int layer : active) {
      arrived[layer] += (time - now) * bytesPerSecond / active.size();
    }
    now = time;
  }

  /** A layer is at its mark, whatever rounding makes of it. */
  void reached(int layer, double mark) {
    arrived[layer] = mark;
    if (mark >= layers.get(layer).compressedBytes()) {
      active.remove(Integer.valueOf(layer));
      begin();
    }
  }

  private double secondsTo(Mark mark, int layer) {
    return Math.max(0, mark.of(layer) - arrived[layer]) * active.size() / bytesPerSecond;
  }

  private void begin() {
    while (active.size() < SLOTS && begun < layers.size()) {
      active.add(begun++);
    }
  }
}

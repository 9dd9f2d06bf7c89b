package io.github.ndocker.faults;

/** What the table calls things. */
final class Wording {
  private Wording() {}

  static String of(Places.Kind kind) {
    return kind == Places.Kind.FILES ? "file tier" : "LLPL tier";
  }

  static String of(Workload workload) {
    return switch (workload) {
      case WRITE -> "write";
      case MOVE -> "move";
      case DELETE -> "delete";
      case MIX -> "all of these";
      case FILL -> "fill";
      case RECOVER -> "recovery itself";
      case DISTURB -> "many threads";
      case HOLD -> "open";
      case DEPLOY -> "deploy";
      case TRACE -> "trace";
      case PROMOTE -> "promote";
      case DEPLOY_REAL -> "deploy a real image";
      case PROMOTE_REAL -> "promote a real image";
      case REMOVE -> "remove";
      case RECOVER_ENGINE -> "open an engine";
    };
  }
}

package io.github.ndocker.examples.cli;

import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.engine.Deployment;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.Promotion;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.trust.TrustPolicies;
import io.github.ndocker.trust.TrustPolicy;
import io.github.ndocker.trust.TrustedKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ndocker deploy}. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = "Fetches an image and makes it ready to start.")
final class DeployCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description =
          "an OCI layout (a directory) or an archive of docker save or the OCI (a file, or - for"
              + " standard input) instead of the registry")
  private @Nullable String from;

  @Option(
      names = "--no-static-analysis",
      description = "leave the layers where deployment put them")
  private boolean asDeployed;

  @Option(
      names = "--trust-key",
      paramLabel = "FILE",
      description =
          "refuse the image unless it is signed by this key, as cosign.pub has it; repeat it for more keys, one"
              + " of which must have signed (default: any image is accepted)")
  private List<Path> trustKeys = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ImageReference reference = image.reference();
    if (from != null && !trustKeys.isEmpty()) {
      // files have no signatures beside them: nobody shall believe that they were looked for
      throw new ParameterException(
          spec.commandLine(), "--trust-key is for images of registries, not for --from");
    }
    // before anything is opened
    RegistryOptions registries = RegistryOptions.defaults().withTrust(TrustPolicies.of(trust()));
    try (NDocker engine = store.open(registries)) {
      Deployment deployment;
      try (DeploymentBar bar = new DeploymentBar("deploy")) {
        deployment = deploy(engine, reference, bar);
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          reference
              + " is ready after "
              + seconds(deployment.total().toMillis())
              + ": "
              + ByteSize.format(deployment.imageBytes())
              + ", of which "
              + ByteSize.format(deployment.fastBytes())
              + " on the fast tier");
      if (!asDeployed) {
        Promotion settled = engine.settle(reference);
        out.println(
            "static analysis moved "
                + ByteSize.format(settled.movedToFast())
                + " to the fast tier and "
                + ByteSize.format(settled.movedToSlow())
                + " to the slow one");
      }
      warnOfPowerCut(engine);
    }
    return 0;
  }

  private Deployment deploy(NDocker engine, ImageReference reference, DeploymentBar bar)
      throws IOException {
    if (from == null) {
      return engine.deploy(reference, bar);
    }
    try (SourcePath source = SourcePath.open(from, store)) {
      return engine.deploy(reference, source.source(), bar);
    }
  }

  private TrustPolicy trust() throws IOException {
    List<TrustedKey> keys = new ArrayList<>();
    for (Path file : trustKeys) {
      keys.add(TrustedKey.of(file));
    }
    return keys.isEmpty() ? TrustPolicy.acceptAny() : TrustPolicy.signedBy(keys);
  }

  private void warnOfPowerCut(NDocker engine) throws IOException {
    TierDescription fast = engine.describe(Tier.FAST);
    if (!fast.survivesPowerCut() && engine.usage(Tier.FAST).blobs() > 0) {
      spec.commandLine()
          .getOut()
          .println(
              "note: the fast tier ("
                  + fast.medium()
                  + " in "
                  + fast.location()
                  + ") does not survive a power cut; layers on it would be fetched again");
    }
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.2f s", millis / 1e3);
  }
}

package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.HistoryStep;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bin/sh -c apk add nodejs",
        "/bin/sh -c set -eux; apk add --no-cache nodejs",
        "RUN /bin/sh -c apk add nodejs # buildkit",
        "RUN |2 VERSION=3 NAME=a b /bin/sh -c apk add nodejs # buildkit",
        "|1 VERSION=3 /bin/sh -c apk add nodejs",
        "RUN --mount=type=cache,target=/var/cache/apk /bin/sh -c apk add nodejs # buildkit",
        "RUN --network=none --mount=type=bind,source=/a,target=/b apk add nodejs # buildkit",
        "/bin/bash -o pipefail -c apk add nodejs",
        "/bin/bash -ec apk add nodejs",
        "RUN [\"apk\", \"add\", \"nodejs\"]",
        "RUN apk add nodejs # buildkit",
        "RUN /bin/sh -c <<EOF\nset -e\napk add nodejs\nEOF # buildkit",
        "RUN <<EOF (set -e...) apk add nodejs",
        "/bin/sh -c apk add \\\n   curl \\\n   nodejs"
      })
  void aCommandThatInstallsAnEngineIsFound(String createdBy) {
    BuildCommand command = BuildCommand.parse(createdBy);
    assertEquals(BuildCommand.Kind.RUN, command.kind());
    assertTrue(command.installedPackages().contains("nodejs"), command.toString());
    assertEquals(
        LayerClass.EXECUTION_ENGINE,
        LayerCommandClass.of(1, Optional.of(command)).orElseThrow().layerClass());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/bin/sh -c #(nop) COPY file:078d1a55 in /opt/app ; COPY",
        "/bin/sh -c #(nop) ADD file:5e367c617f00 in / ; COPY",
        "COPY . /app # buildkit ; COPY",
        "COPY --from=build --chown=1000:1000 /out /app # buildkit ; COPY",
        "COPY --link --chmod=755 a b /app/ # buildkit ; COPY",
        "ADD https://example.com/x.tar.gz /x # buildkit ; COPY",
        "ENV PATH=/usr/bin ; SETTING",
        "/bin/sh -c #(nop)  ENV LANG=C.UTF-8 ; SETTING",
        "CMD [\"python3\"] ; SETTING",
        "/bin/sh -c #(nop)  CMD [\"python3\"] ; SETTING",
        "ENTRYPOINT [\"/docker-entrypoint.sh\"] ; SETTING",
        "EXPOSE map[80/tcp:{}] ; SETTING",
        "USER app ; SETTING",
        "LABEL a=b ; SETTING",
        "ARG VERSION=1 ; SETTING",
        "WORKDIR /app ; DIRECTORY",
        "/bin/sh -c #(nop) WORKDIR /data ; DIRECTORY",
        "/bin/sh -c useradd app ; RUN",
        "environment ; RUN",
        "'' ; RUN"
      })
  void instructionsAreToldApart(String createdBy, BuildCommand.Kind expected) {
    assertEquals(expected, BuildCommand.parse(createdBy).kind());
  }

  @ParameterizedTest
  @CsvSource({
    "COPY --from=golang:1.20 /usr/local/go /usr/local/go # buildkit, Go",
    "COPY --from=jre /opt/java/openjdk /opt/java/openjdk # buildkit, Java",
    "COPY --from=node:20 /usr/local/bin/node /usr/local/bin/ # buildkit, Node.js",
    "COPY --from=runtime /usr/share/dotnet /usr/share/dotnet # buildkit, .NET"
  })
  void anEngineIsRecognisedWhenItIsCopied(String createdBy, String engine) {
    ClassifiedLayer layer =
        LayerCommandClass.of(2, Optional.of(BuildCommand.parse(createdBy))).orElseThrow();
    assertEquals(LayerClass.EXECUTION_ENGINE, layer.layerClass());
    assertTrue(layer.evidence().startsWith(engine + " is"), layer.evidence());
  }

  private static List<Integer> linedUp(int layers, HistoryStep... history) {
    List<Optional<BuildCommand>> commands = LayerSteps.of(List.of(history), layers).commands();
    return IntStream.range(0, layers).filter(i -> commands.get(i).isPresent()).boxed().toList();
  }

  private static HistoryStep step(String createdBy, boolean empty) {
    return new HistoryStep(createdBy, empty);
  }

  @Test
  void stepsAreLinedUpAlsoWithoutMarks() {
    HistoryStep base = step("ADD rootfs.tar / # buildkit", false);
    HistoryStep env = step("ENV A=b", false);
    HistoryStep workdir = step("WORKDIR /app", false);
    HistoryStep copy = step("COPY . /app # buildkit", false);
    assertEquals(List.of(0, 1), linedUp(2, base, env, workdir, copy));
    assertEquals(List.of(0, 1, 2), linedUp(3, base, env, workdir, copy));
    assertEquals("", LayerSteps.of(List.of(base, env, copy), 2).mismatch());
  }

  @Test
  void ofAHistoryThatLacksTheBaseTheStepsAreThoseOfTheTopmostLayers() {
    assertEquals(
        List.of(2, 3),
        linedUp(4, step("RUN apk add nodejs # buildkit", false), step("COPY . /app", false)));
  }

  @Test
  void ofAHistoryThatEndsTooSoonOnlyTheBaseIsSure() {
    assertEquals(List.of(0), linedUp(4, step("ADD a.tar /", false), step("RUN make", false)));
    assertEquals(
        List.of(), linedUp(1, step("RUN a", false), step("RUN b", false), step("RUN c", false)));
  }
}

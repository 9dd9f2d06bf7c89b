package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Answers to the first request that are no good: statuses, and what HTTP should look like. */
public final class AnswerLies {
  private static final long GIGABYTE = 1L << 30;

  private AnswerLies() {}

  private static Lie lie(
      String name,
      Class<? extends IOException> refusedAs,
      String says,
      LyingRegistry.Answer answer) {
    return new Lie(
        name, refusedAs, says, (registry, image) -> registry.on("/manifests/latest", answer));
  }

  private static Lie refused(String name, String says, LyingRegistry.Answer answer) {
    return lie(name, RegistryException.class, says, answer);
  }

  private static LyingRegistry.Answer status(int status) {
    return (request, reply) -> reply.send(status);
  }

  public static List<Lie> all() {
    return List.of(
        lie(
            "an image that is not there",
            ImageNotFoundException.class,
            "404",
            (request, reply) -> reply.send(404)),
        lie(
            "a registry that is busy for an hour",
            RegistryBusyException.class,
            "3600 s",
            (request, reply) -> reply.send(429, "Retry-After: 3600")),
        refused("a registry that is always out of order", "status 500", status(500)),
        refused("a time-out of the registry, again and again", "status 408", status(408)),
        refused("no content", "status 204", status(204)),
        refused("a part that nobody asked for", "status 206", status(206)),
        refused(
            "a manifest that breaks off",
            "no usable answer",
            (request, reply) -> {
              reply.head(200, "Content-Length: 1000");
              reply.text("{");
            }),
        refused(
            "a connection that is reset before the answer",
            "no usable answer",
            (request, reply) -> reply.reset()),
        refused(
            "a connection that is reset in the head of an answer",
            "no usable answer",
            (request, reply) -> {
              reply.text("HTTP/1.1 200 Sa");
              reply.reset();
            }),
        refused(
            "a connection that is reset in a manifest",
            "no usable answer",
            (request, reply) -> {
              reply.head(200, "Content-Length: 1000");
              reply.text("{");
              reply.reset();
            }),
        lie(
            "a registry that is out of order for an hour",
            RegistryBusyException.class,
            "3600 s",
            (request, reply) -> reply.send(502, "Retry-After: 3600")),
        lie(
            "a manifest that stalls",
            TransferStalledException.class,
            "no byte came",
            (request, reply) -> {
              reply.head(200, "Content-Length: 1000");
              reply.stall();
            }),
        lie(
            "a manifest that comes one byte at a time, for ever",
            TransferStalledException.class,
            "bytes came in",
            (request, reply) -> {
              reply.head(200);
              reply.trickle();
            }),
        lie(
            "no answer at all",
            TransferStalledException.class,
            "no byte came",
            (request, reply) -> reply.stall()),
        lie(
            "a head that comes one byte at a time, for ever",
            TransferStalledException.class,
            "",
            (request, reply) -> {
              reply.text("HTTP/1.1 200 Said\r\nX-More: ");
              reply.trickle();
            }),
        refused(
            "a head without end",
            "no usable answer",
            (request, reply) -> {
              reply.text("HTTP/1.1 200 Said\r\n");
              byte[] header = ("X-More: " + "x".repeat(1_000) + "\r\n").getBytes(UTF_8);
              reply.repeat(header, GIGABYTE);
            }),
        refused(
            "an answer that is not HTTP",
            "no usable answer",
            (request, reply) -> reply.text("220 smtp ready\r\n")),
        refused(
            "a connection that closes without an answer",
            "no usable answer",
            (request, reply) -> {}));
  }
}

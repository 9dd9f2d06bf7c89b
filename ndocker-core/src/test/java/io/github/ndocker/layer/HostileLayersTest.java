package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Layers that want more than to be a root file system. The table is in src-docs/security.md. */
class HostileLayersTest {
  @TempDir Path host;

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static MergedTree merged(List<TarBuilder> layers) throws IOException {
    List<LayerIndex> indexes = new ArrayList<>();
    for (TarBuilder layer : layers) {
      indexes.add(layer.index());
    }
    return MergedTree.of(indexes);
  }

  private Map<String, List<TarBuilder>> refused() {
    byte[] file = TarBuilder.header('0', "f", "", 0);
    Map<String, List<TarBuilder>> cases = new LinkedHashMap<>();
    cases.put("root that is a file", List.of(tar().file("./", "")));
    cases.put("root that is a link out", List.of(tar().symlink("/", host + "")));
    cases.put("root by way of the parent", List.of(tar().file("a/..", "")));
    cases.put("file below a file", List.of(tar().file("f", ""), tar().file("f/below", "")));
    cases.put("file below a device", List.of(device('4', "d").file("d/x", "")));
    cases.put(
        "parents in a circle", List.of(tar().symlink("a", "b").symlink("b", "a").file("a/x", "")));
    cases.put("whiteout of nothing", List.of(tar().file(".wh.", "")));
    cases.put("whiteout of its directory", List.of(tar().file("d/.wh..", "")));
    cases.put("whiteout of its parent", List.of(tar().file("d/.wh...", "")));
    cases.put("file below a whiteout", List.of(tar().file(".wh.a/b", "")));
    cases.put("whiteout of overlayfs", List.of(zeroDevice()));
    cases.put("hard link to nothing", List.of(tar().hardLink("h", "../etc/shadow")));
    cases.put("hard link to a directory", List.of(tar().directory("d").hardLink("h", "d")));
    cases.put("hard link to the root", List.of(tar().hardLink("h", "/")));
    cases.put("symbolic link to nothing", List.of(tar().symlink("s", "")));
    cases.put("type of no engine", List.of(tar().raw('V', "volume", "", new byte[0])));
    cases.put("wrong checksum", List.of(tar().block(damaged(file))));
    cases.put("number of letters", List.of(patched(file, 100, "abcdefg")));
    cases.put("number of digits past seven", List.of(patched(file, 108, "0000008")));
    cases.put("size below zero", List.of(patched(file, 124, "\u00ff".repeat(12))));
    cases.put("size beyond 63 bits", List.of(patched(file, 124, "\u00bf" + "\u00ff".repeat(11))));
    cases.put("size of PAX below zero", List.of(tar().pax("size", "-1").file("f", "")));
    cases.put("owner that is none", List.of(tar().pax("uid", "4294967295").file("f", "")));
    cases.put("path with a NUL", List.of(tar().pax("path", "a\0b").file("f", "")));
    cases.put("link with a NUL", List.of(tar().pax("linkpath", "a\0b").symlink("f", "x")));
    cases.put("record that ends late", List.of(tar().raw('x', "x", "", ascii("99 a=b\n"))));
    cases.put("record that ends early", List.of(tar().raw('x', "x", "", ascii("5 a=b\n"))));
    cases.put("record without a key", List.of(tar().raw('x', "x", "", ascii("5 =b\n"))));
    cases.put("name of 256 bytes", List.of(tar().file("n".repeat(256), "")));
    cases.put("attribute of no name", List.of(tar().pax("SCHILY.xattr.", "x").file("f", "")));
    cases.put("entry after the end", List.of(tar().block(new byte[512]).file("f", "")));
    cases.put(
        "device of no Linux", List.of(patched(TarBuilder.header('3', "d", "", 0), 329, "7777777")));
    return cases;
  }

  private static TarBuilder patched(byte[] header, int offset, String field) {
    return tar().block(TarBuilder.patched(header, offset, ascii(field)));
  }

  private static TarBuilder device(char type, String name) {
    return patched(TarBuilder.header(type, name, "", 0), 329, "0000001");
  }

  private static TarBuilder zeroDevice() {
    return tar().raw('3', "etc", "", new byte[0]);
  }

  private static byte[] damaged(byte[] header) {
    byte[] block = header.clone();
    block[0] ^= 1;
    return block;
  }

  /** What is taken, and the tree that comes of it. */
  private Map<List<String>, List<TarBuilder>> contained() {
    String out = host.resolve("canary").toString().substring(1);
    String up = "../".repeat(20);
    Map<List<String>, List<TarBuilder>> cases = new LinkedHashMap<>();
    cases.put(List.of("parents of the root", "x"), List.of(tar().file(up + "x", "")));
    cases.put(List.of("parent in the middle", "b"), List.of(tar().file("a/../b", "")));
    cases.put(List.of("absolute name", "x"), List.of(tar().file("//x", "")));
    cases.put(
        List.of("absolute name below a link out", "l", "top", "top/x"),
        List.of(tar().symlink("l", "/" + up + "top").file("/l/x", "")));
    cases.put(
        List.of("link of a lower layer that leads out", "l", "top", "top/x"),
        List.of(tar().symlink("l", up + "top"), tar().file("l/x", "")));
    cases.put(
        List.of("link to a link to a link that leads out", "a", "b", "b/c", "top", "top/x"),
        List.of(
            tar().symlink("a", "b/c/"),
            tar().symlink("b/c", "/" + up + "top"),
            tar().file("a/x", "")));
    cases.put(
        List.of("whiteout by way of a link", "d", "l"),
        List.of(tar().file("d/x", "").symlink("l", up + "d"), tar().file("l/.wh.x", "")));
    cases.put(
        List.of("whiteout outside", "l"),
        List.of(tar().symlink("l", "/" + out + "/.."), tar().file("l/.wh.canary", "")));
    cases.put(
        List.of("opaque directory in place of a link", "d", "d/new", "kept", "kept/x"),
        List.of(
            tar().file("kept/x", "").symlink("d", "kept"),
            tar().file("d/.wh..wh..opq", "").directory("d").file("d/new", "")));
    cases.put(
        List.of("whiteout of a link and of what is behind it", "kept", "kept/x"),
        List.of(
            tar().file("kept/x", "").symlink("d", "kept"),
            tar().file("d/.wh.x", "").file(".wh.d", "")));
    cases.put(
        List.of("hard link to parents of the root", "a", "h"),
        List.of(tar().file("a", "").hardLink("h", up + "a")));
    cases.put(
        List.of("hard link to a link out", "h", "s"),
        List.of(tar().symlink("s", "/" + out).hardLink("h", "s")));
    cases.put(
        List.of("link replaced by a directory in one layer", "l", "l/x"),
        List.of(tar().symlink("l", "/" + up + out).directory("l").file("l/x", "")));
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> areRefused() throws IOException {
    Path canary = Files.writeString(host.resolve("canary"), "alive");
    return refused().entrySet().stream()
        .map(
            layers ->
                DynamicTest.dynamicTest(
                    layers.getKey(),
                    () -> {
                      assertThrows(MalformedLayerException.class, () -> merged(layers.getValue()));
                      assertUnchanged(canary);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> areContained() throws IOException {
    Path canary = Files.writeString(host.resolve("canary"), "alive");
    return contained().entrySet().stream()
        .map(
            layers ->
                DynamicTest.dynamicTest(
                    layers.getKey().get(0),
                    () -> {
                      List<String> paths = new ArrayList<>(List.of(layers.getKey().get(0)));
                      merged(layers.getValue())
                          .walk(
                              (path, node) -> {
                                if (!path.isEmpty()) {
                                  paths.add(path.toString());
                                }
                              });
                      assertEquals(layers.getKey(), paths);
                      assertUnchanged(canary);
                    }));
  }

  private void assertUnchanged(Path canary) throws IOException {
    assertEquals("alive", Files.readString(canary));
    try (Stream<Path> files = Files.list(host)) {
      assertEquals(List.of(canary), files.toList());
    }
    assertTrue(Files.notExists(Path.of("/top")));
  }
}

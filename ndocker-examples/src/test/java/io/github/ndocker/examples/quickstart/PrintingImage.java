package io.github.ndocker.examples.quickstart;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** An image whose {@code /hello} can be executed: a program of a few bytes for Linux on amd64. */
final class PrintingImage {
  static final String TEXT = "ready\n";

  private static final int HEADERS = 64 + 56;
  private static final long LOADED_AT = 0x400000;
  private static final int MODE_FIELD = 100;
  private static final int SIZE = 512;

  // mov eax,1; mov edi,1; lea rsi,[rip+16]; mov edx,6; syscall (write)
  // mov eax,60; xor edi,edi; syscall (exit)
  private static final byte[] CODE = {
    (byte) 0xb8,
    1,
    0,
    0,
    0,
    (byte) 0xbf,
    1,
    0,
    0,
    0,
    0x48,
    (byte) 0x8d,
    0x35,
    16,
    0,
    0,
    0,
    (byte) 0xba,
    6,
    0,
    0,
    0,
    0x0f,
    5,
    (byte) 0xb8,
    60,
    0,
    0,
    0,
    0x31,
    (byte) 0xff,
    0x0f,
    5
  };

  private PrintingImage() {}

  /** Three layers: texts, the program, and a text that nobody reads. */
  static TinyImage create() throws IOException {
    byte[] program = program();
    byte[] header =
        TarBuilder.patched(
            TarBuilder.header('0', "hello", "", program.length),
            MODE_FIELD,
            "0000755\0".getBytes(US_ASCII));
    byte[] tar = new TarBuilder().block(header).block(program).finished();
    return TinyImage.of(
        List.of(
            TinyLayer.ofTexts("ADD base in /", Map.of("base", "of the base\n")),
            TinyLayer.ofTar("COPY hello /", tar),
            TinyLayer.ofTexts("COPY unread /", Map.of("unread", "of no use\n"))));
  }

  private static byte[] program() {
    ByteBuffer elf = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64
    elf.putLong(LOADED_AT + HEADERS).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1).position(64);
    elf.putInt(1).putInt(5); // load, readable and executable
    elf.putLong(0).putLong(LOADED_AT).putLong(LOADED_AT).putLong(SIZE).putLong(SIZE).putLong(4096);
    elf.put(CODE).put(TEXT.getBytes(US_ASCII));
    return elf.array();
  }
}

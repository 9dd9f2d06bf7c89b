package io.github.ndocker.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HostProgramTest {
  @Test
  void saysWhichPackageIsMissing() {
    HostProgram missing = new HostProgram("mkfs.none", "none-utils");
    IOException e = assertThrows(IOException.class, missing::required);
    assertEquals(
        "mkfs.none is not installed; install the Debian package none-utils or leave this benchmark"
            + " out",
        e.getMessage());
  }

  @Test
  void saysWhatAProgramThatFailedHasPrinted() throws IOException {
    HostProgram shell = new HostProgram("sh", "dash").required();
    IOException e =
        assertThrows(IOException.class, () -> shell.run("-c", "echo no room >&2; exit 3"));
    assertEquals(
        "'sh -c echo no room >&2; exit 3' ended with exit code 3: no room", e.getMessage());
  }
}

package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.placement.AllSlow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one balance leaves for the next one, and what may go on in the middle of it. */
class BalanceTest extends BudgetTestBase {
  private static void addRun(NDocker engine, TracedImage image, String workload, String... files)
      throws IOException {
    List<HotFile> read = new ArrayList<>();
    for (String file : files) {
      read.add(new HotFile(file, List.of(new ByteRange(0, PART))));
    }
    Profile profile =
        Profile.ofOneRun(engine.inspect(image.reference()).chainId(), workload, true, read);
    engine.importProfile(image.reference(), workload, ProfileDocument.write(profile), false);
  }

  @Test
  void whatSomebodyHasChosenForAnImageIsKeptAsLongAsItIsPromoted() throws IOException {
    try (NDocker engine = open(8 * PART)) {
      TracedImage image = image("image", "a", "b", "c").deploy(engine);
      image.traced(engine, Map.of("a/file", PART, "b/file", PART));
      addRun(engine, image, "w", "/a/file");
      addRun(engine, image, "other", "/c/file");
      image.start(engine);
      engine.promote(
          image.reference(), List.of("w"), PromotionOptions.DEFAULT.withMinShareOfRuns(0.9));
      assertEquals(PART, engine.hotBudget().heldBytes());
      assertTrue(engine.hotBudget().balance().isEmpty());
      assertEquals(PART, engine.hotBudget().heldBytes());
      // still rare, and of a workload that was not chosen
      addRun(engine, image, "w", "/a/file", "/c/file");
      addRun(engine, image, "other", "/a/file");
      assertTrue(engine.hotBudget().balance().isEmpty());
      engine.demote(image.reference());
      assertEquals(List.of(image.name()), engine.hotBudget().balance().admitted());
      assertEquals(3 * PART, engine.hotBudget().heldBytes());
    }
  }

  @Test
  void aProfileIsReadOnceForEachStateOfIt() throws IOException, SQLException {
    try (NDocker engine = open(8 * PART)) {
      TracedImage image = image("image", "a").deploy(engine);
      image.start(engine);
      engine.hotBudget().balance();
      update("UPDATE profile SET json = 'bad' || json");
      BudgetReport report = engine.hotBudget().balance();
      assertTrue(report.isEmpty() && report.failures().isEmpty(), report.toString());
      engine.demote(image.reference());
      assertEquals(1, engine.hotBudget().balance().failures().size());
      update("UPDATE profile SET json = substr(json, 4)");
      assertEquals(List.of(image.name()), engine.hotBudget().balance().admitted());
    }
  }

  /** Changes a row behind the back of the engine. */
  private void update(String sql) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + host.state().resolve("catalogue.db"));
        Statement statement = other.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
  }

  @Test
  void othersArePromotedWhileWastefulPacksAreGivenUp() throws IOException {
    try (NDocker engine = open(4 * PART)) {
      TracedImage all = image("all", "a", "b", "c", "d", "e").deploy(engine);
      TracedImage most = image("most", "a", "b", "c", "d").deploy(engine);
      TracedImage third = image("third", "f").deploy(engine);
      most.start(engine);
      engine.promote(all.reference(), "w");
      engine.promote(most.reference(), "w");
      engine.demote(all.reference());
      assertEquals(5 * PART, engine.hotBudget().heldBytes());
      List<Boolean> compacting = new ArrayList<>();
      StandAside pause =
          () -> {
            compacting.add(isIn("compactTo"));
            inAnotherThread(
                () -> {
                  engine.promote(third.reference(), "w");
                  engine.demote(third.reference());
                });
          };
      BudgetReport report = engine.hotBudget().balanceUnlessBusy(pause).orElseThrow();
      assertTrue(compacting.contains(true), "no pack was given up");
      assertEquals(4 * PART, report.heldBytes());
      most.assertResident(engine, true);
      most.start(engine);
    }
  }

  /** Whether a balance is in a method just now. */
  private static boolean isIn(String method) {
    return StackWalker.getInstance()
        .walk(calls -> calls.anyMatch(call -> call.getMethodName().equals(method)));
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Fails if that waits for the caller. */
  private static void inAnotherThread(Work work) {
    CompletableFuture.runAsync(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void whatIsPromotedInTheMiddleOfABalancePutsNothingAside() throws IOException {
    try (NDocker engine = open(2 * PART)) {
      List<TracedImage> images = List.of(image("one", "a"), image("two", "b"), image("three", "c"));
      for (TracedImage image : images) {
        image.deploy(engine).start(engine);
      }
      int[] left = {1};
      StandAside once =
          () -> {
            if (isIn("promote") && left[0]-- == 1) {
              for (TracedImage image : images) {
                engine.promote(image.reference(), "w");
              }
              assertEquals(3 * PART, engine.hotBudget().heldBytes());
            }
          };
      BudgetReport report = engine.hotBudget().balanceUnlessBusy(once).orElseThrow();
      assertTrue(left[0] < 1, "nothing was promoted in the middle");
      assertEquals(2 * PART, report.heldBytes());
      for (TracedImage image : images) {
        engine.demote(image.reference());
      }
      assertEquals(2, engine.hotBudget().balance().admitted().size());
    }
  }

  @Test
  void whatWasPutAsideIsGivenBackInTime() throws IOException {
    long shared = 32 << 10;
    try (NDocker engine = open(2 * PART + shared)) {
      TracedImage one = image("one", "s", "a").deploy(engine);
      TracedImage other = image("other", "s", "b").deploy(engine);
      one.traced(engine, Map.of("s/file", shared, "a/file", PART)).start(engine);
      other.traced(engine, Map.of("s/file", shared, "b/file", PART)).start(engine);
      other.start(engine);
      assertEquals(List.of(other.name()), engine.hotBudget().balance().admitted());
      // now both would fit, if the copy that there is no more were not put aside for
      one.traced(engine, Map.of("a/file", PART));
      assertTrue(engine.hotBudget().balance().isEmpty());
      int balances = 0;
      while (!one.in(engine).resident()) {
        assertTrue(balances++ < 30, "it is never given back");
        assertEquals(List.of(), engine.hotBudget().balance().evicted());
      }
      other.assertResident(engine, true);
      assertTrue(engine.hotBudget().balance().isEmpty());
    }
  }

  @Test
  void aBalanceEndsBeforeTheFirstStepAndBetweenAnyTwo() throws IOException {
    try (NDocker engine = open(2 * PART)) {
      for (String part : List.of("a", "b")) {
        image(part, part).deploy(engine).start(engine);
      }
      int steps = 0;
      Optional<BudgetReport> done = Optional.empty();
      while (done.isEmpty()) {
        int[] left = {steps++};
        StandAside closing =
            () -> {
              if (left[0]-- == 0) {
                throw new NDockerException("closed");
              }
            };
        try {
          done = engine.hotBudget().balanceUnlessBusy(closing);
        } catch (NDockerException e) {
          assertEquals("closed", e.getMessage());
        }
      }
      // before the first one, two looks, two promotions
      assertTrue(steps > 5, steps + " steps");
      assertEquals(2 * PART, done.get().heldBytes());
      assertTrue(engine.hotBudget().balance().isEmpty());
    }
  }

  @Test
  void startsThatNobodyHasWrittenDownAreAllThatACrashCosts() throws IOException {
    Path crashed = directory.resolve("crashed");
    try (NDocker engine = open(2 * PART)) {
      TracedImage image = image("image", "a").deploy(engine);
      image.start(engine);
      image.start(engine);
      engine.hotBudget().balance();
      engine.hotBudget().pin(image.reference());
      image.start(engine);
      CopiedFiles.copy(directory.resolve("state"), crashed.resolve("state"));
      CopiedFiles.copy(directory.resolve("fast"), crashed.resolve("fast"));
      CopiedFiles.copy(directory.resolve("slow"), crashed.resolve("slow"));
      try (NDocker after =
          Host.in(crashed).builder().placement(new AllSlow()).hotBudget(2 * PART).open()) {
        BudgetedImage found = image.in(after);
        // the last one may have been written down just then
        assertTrue(found.expectedStarts() > 1.9 && found.expectedStarts() <= 3, found.toString());
        assertTrue(found.pinned() && found.resident(), found.toString());
        assertTrue(after.hotBudget().balance().isEmpty());
        image.start(after);
        assertEquals(List.of(), after.check(CheckOptions.quick().deeply()).findings());
      }
    }
  }
}

package io.github.ndocker.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packages depend on one another in one direction, and say what they are. */
class ArchitectureTest {
  private static final String ROOT = "io.github.ndocker.";

  /** What each package may use, besides the API and libraries. */
  private static final Map<String, List<String>> USES =
      Map.ofEntries(
          Map.entry("image", List.of()),
          Map.entry("linux", List.of()),
          Map.entry("placement", List.of()),
          Map.entry("budget", List.of()),
          Map.entry("layer", List.of("image")),
          Map.entry("store", List.of("image", "layer", "linux")),
          Map.entry("source", List.of("image", "layer")),
          Map.entry("trust", List.of("image")),
          Map.entry("registry", List.of("image", "layer", "store", "source", "trust")),
          Map.entry("hotfile", List.of("image", "layer", "store", "linux")),
          Map.entry("prediction", List.of()),
          Map.entry("erofs", List.of("image", "layer", "store", "hotfile")),
          Map.entry("rootfs", List.of("image", "layer", "store", "erofs", "linux")),
          Map.entry("runtime", List.of("image", "layer", "store", "linux", "rootfs")));

  private static JavaClasses core;

  @BeforeAll
  static void readClasses() {
    core =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT.substring(0, ROOT.length() - 1));
  }

  @Test
  void dependenciesPointOneWay() {
    USES.forEach(
        (name, uses) -> {
          String[] others =
              USES.keySet().stream()
                  .filter(other -> !other.equals(name) && !uses.contains(other))
                  .map(other -> ROOT + other + "..")
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(ROOT + name + "..")
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(others).or(resideInAPackage(ROOT + "engine..")))
              .check(core);
        });
  }

  @Test
  void theListAboveNamesEveryPackage() {
    Set<String> packages =
        core.stream()
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith(ROOT))
            .map(name -> name.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    packages.removeAll(List.of("api", "spi", "engine"));
    assertEquals(new TreeSet<>(USES.keySet()), packages);
  }

  @Test
  void theApiUsesNothingOfTheCore() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "api..", ROOT + "spi..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.github.ndocker..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAnyPackage(ROOT + "api..", ROOT + "spi.."))))
        .check(core);
  }

  @Test
  void everythingHasANameOfItsOwn() {
    noClasses()
        .should()
        .haveNameMatching("(?i).*\\b(util|utils|common|helper|helpers|manager|impl)\\b.*")
        .orShould()
        .haveNameMatching(".*(Util|Utils|Common|Helper|Helpers|Manager|Impl)")
        .check(core);
  }

  @Test
  void everyPublicClassIsInAnExportedPackage() throws IOException {
    Set<String> exported = new TreeSet<>();
    Path classes = Path.of("target", "classes", "module-info.class");
    try (InputStream in = Files.newInputStream(classes)) {
      ModuleDescriptor.read(in).exports().forEach(export -> exported.add(export.source()));
    }
    // system calls are nobody's business but ours
    exported.add(ROOT + "linux");
    classes()
        .that()
        .haveModifier(JavaModifier.PUBLIC)
        .and()
        .resideOutsideOfPackages(ROOT + "api..", ROOT + "spi..")
        .should()
        .resideInAnyPackage(exported.toArray(String[]::new))
        .check(core);
  }
}

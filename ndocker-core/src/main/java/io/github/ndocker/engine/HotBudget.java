package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.PinnedTooLargeException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the fast tier among the images of a host: what their hot packs may take all together goes
 * to those that save most time for their bytes, by how often they have been started lately and how
 * much faster they start. An engine has one if {@link NDockerBuilder#hotBudget} says so. See
 * src-docs/budget.md.
 *
 * <p>Every start and every mount counts. What was counted in the last seconds before a crash may be
 * lost. Images of the same layers are one image here; when the last of them is removed, all that is
 * known of its starts is forgotten. Thread-safe.
 */
public final class HotBudget {
  private static final double MOST_SECONDS = 1e9;

  /** Only this part of the budget is put aside for what packs take more than was decided. */
  private static final int MOST_RESERVED = 8;

  /** Less is no more than a page. */
  private static final long LEAST_RESERVED = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(HotBudget.class);

  private final long bytes;
  private final Catalogue catalogue;
  private final StartLedger ledger;
  private final HotPacks packs;
  private final Promoter promoter;
  private final Function<BrushBack, LayerMoves> moves;
  private final HotCandidates candidates;
  private final ReentrantLock balancing = new ReentrantLock(true);

  /** So that no image is admitted again and again that has to leave at once. Under the lock. */
  private long reserve;

  /** Under the lock. */
  private final PackingDoubts doubts = new PackingDoubts();

  HotBudget(
      long bytes,
      Catalogue catalogue,
      StartLedger ledger,
      HotPacks packs,
      Promoter promoter,
      Function<BrushBack, LayerMoves> moves) {
    this.bytes = bytes;
    this.catalogue = catalogue;
    this.ledger = ledger;
    this.packs = packs;
    this.promoter = promoter;
    this.moves = moves;
    this.candidates = new HotCandidates(catalogue, promoter, packs.holdings());
  }

  /**
   * Decides anew which images have hot packs, and carries it out: first evictions, with what lies
   * on the fast tier of the evicted images' layers, then admissions, of all workloads that were
   * traced of an image. Of one that was promoted by hand, the chosen workloads and their share of
   * runs stay as long as it is promoted. Afterwards the packs take no more than the budget,
   * whatever else was promoted before; only blobs that mounts still read, which nobody needs any
   * more, come on top.
   *
   * <p>What cannot be done for one image, for want of room on the tier for example, is reported,
   * and done for all others; in the next few balances no other image is evicted for it. Everything
   * else may go on meanwhile; of two balances at a time the second one waits.
   *
   * @return what was changed
   * @throws PinnedTooLargeException if the pinned images alone need more than the budget; nothing
   *     is changed then
   * @throws IOException if the catalogue fails; the images can be started all the same
   */
  public BudgetReport balance() throws IOException {
    balancing.lock();
    try {
      return balance(BrushBack.NOW, () -> {});
    } finally {
      balancing.unlock();
    }
  }

  /** In the background; not at all while another balance is under way, which does the same. */
  Optional<BudgetReport> balanceUnlessBusy(StandAside pause) throws IOException {
    if (!balancing.tryLock()) {
      return Optional.empty();
    }
    try {
      return Optional.of(balance(BrushBack.BACKGROUND, pause));
    } finally {
      balancing.unlock();
    }
  }

  private BudgetReport balance(BrushBack brushBack, StandAside pause) throws IOException {
    pause.await();
    ledger.flush();
    Balance balance =
        new Balance(
            candidates,
            new HotChoice(ledger, bytes),
            packs,
            promoter,
            moves.apply(brushBack),
            pause,
            doubts,
            bytes,
            reserve);
    BudgetReport report = balance.run();
    reserve = reserveAfter(balance.excess());
    return report;
  }

  /** Each balance in which all went as decided takes an eighth of it, until it is not worth it. */
  private long reserveAfter(long excess) {
    if (excess > 0) {
      return Math.min(reserve + excess, bytes / MOST_RESERVED);
    }
    long less = reserve - reserve / MOST_RESERVED;
    return less < LEAST_RESERVED ? 0 : less;
  }

  /** Whether somebody waits for the balance that is under way. */
  boolean isAwaited() {
    return balancing.hasQueuedThreads();
  }

  /**
   * Has an image keep its hot packs whatever they are worth, from the next balance on in which it
   * has been traced. It stays pinned when the engine is opened again, until it is removed.
   *
   * @param reference a deployed image
   * @throws IOException if it is not deployed, or the catalogue fails
   */
  public void pin(ImageReference reference) throws IOException {
    ledger.pin(chain(reference), true);
  }

  /**
   * Takes back {@link #pin}. Its hot packs stay until their room is needed.
   *
   * @param reference a deployed image
   * @throws IOException if it is not deployed, or the catalogue fails
   */
  public void unpin(ImageReference reference) throws IOException {
    ledger.pin(chain(reference), false);
  }

  /**
   * Tells by how much a start of an image is faster with hot packs, for a host that has measured
   * it. Until then it is estimated, for a hard disk.
   *
   * @param reference a deployed image
   * @param seconds the difference, from 0 to 10<sup>9</sup>
   * @throws IllegalArgumentException if it is no such number
   * @throws IOException if the image is not deployed, or the catalogue fails
   */
  public void savedSeconds(ImageReference reference, double seconds) throws IOException {
    // written so that NaN fails
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw new IllegalArgumentException("a start that is " + seconds + " s faster");
    }
    ledger.saves(chain(reference), seconds);
  }

  /**
   * How much the hot packs of all images may take.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * How much they take now. Between two balances that may be more than the budget.
   *
   * @return bytes
   * @throws IOException if the catalogue fails
   */
  public long heldBytes() throws IOException {
    return packs.holdings().bytes();
  }

  /**
   * The images among which the budget is divided: those that were traced or are promoted. The first
   * time after the engine was opened, this looks into the tree of each; one that cannot be looked
   * at is left out, or has what it holds, and the log says why. Waits for a balance.
   *
   * @return in the order of their references; as lines, they are a table
   * @throws IOException if the catalogue fails
   */
  public List<BudgetedImage> images() throws IOException {
    balancing.lock();
    try {
      List<BudgetedImage> images = new ArrayList<>();
      HotCandidates.Found looked = candidates.find(() -> {});
      for (BudgetFailure failure : looked.failures()) {
        LOG.warn("{}: {}", failure.reference(), failure.reason().getMessage());
      }
      List<HotCandidate> found = looked.candidates();
      SharedSegments segments = SharedSegments.of(found.stream().map(HotCandidate::needs).toList());
      for (int i = 0; i < found.size(); i++) {
        HotCandidate image = found.get(i);
        ChainId chain = image.chainId();
        images.add(
            new BudgetedImage(
                image.reference(),
                chain,
                ledger.expected(chain),
                ledger.secondsSaved(chain).orElse(image.needs().secondsSaved()),
                ledger.secondsSaved(chain).isPresent(),
                segments.ofImage(i),
                !image.present().isEmpty(),
                ledger.isPinned(chain)));
      }
      return images;
    } finally {
      balancing.unlock();
    }
  }

  private ChainId chain(ImageReference reference) throws IOException {
    return catalogue
        .images()
        .find(reference.toString())
        .map(ImageRecord::chainId)
        .orElseThrow(() -> new NotDeployedException(reference));
  }
}

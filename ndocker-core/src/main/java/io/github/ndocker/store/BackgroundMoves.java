package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves that are made in the background, one after the other: the highest priority first, and of
 * the same priority the one that was asked for first. Each is made as {@link TwoTierStore#move}
 * makes it: at every instant one copy counts.
 *
 * <p>What was asked for is in the catalogue before {@link #request} returns. After a crash, or when
 * it is closed and opened again, the queue goes on; a copy that was under way is begun anew.
 *
 * <p>A move that fails is given up: it is reported to its future and to {@link
 * StoreListener#moveFailed}, the blob is where it was, and nothing is tried again before somebody
 * asks again. Of the reasons there are (no room, a damaged or missing blob, a failing medium) none
 * goes away by waiting a moment. If the catalogue then fails to forget a move, it is made again
 * when the queue is opened the next time.
 *
 * <p>Thread-safe. A blob that is being copied can be read, moved and deleted by others meanwhile.
 */
public final class BackgroundMoves implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMoves.class);

  private final TwoTierStore store;
  private final MoveTable table;
  private final RateLimit limit;
  private final RightOfWay urgent;
  private final Pace pace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Digest, Request> requests = new HashMap<>();
  private long nextOrder;
  private @Nullable Request running;
  private @Nullable Thread worker;
  private boolean closed;

  private BackgroundMoves(TwoTierStore store, MoveTable table, RateLimit limit, RightOfWay urgent) {
    this.store = store;
    this.table = table;
    this.limit = limit;
    this.urgent = urgent;
    this.pace = Pace.background(limit, urgent);
  }

  /** What was asked for, and what became of it. */
  private static final class Request {
    final WantedMove move;
    final CompletableFuture<Void> done;
    volatile boolean withdrawn;
    boolean made;

    Request(WantedMove move, CompletableFuture<Void> done) {
      this.move = move;
      this.done = done;
    }
  }

  /**
   * Opens the queue of a catalogue and goes on with what is in it.
   *
   * @param store whose blobs are moved; closed after this
   * @param catalogue where the queue is kept; closed after this. One queue per catalogue.
   * @param limit how fast bytes are copied
   * @param urgent what moves stand aside for, also in the middle of a copy
   * @return the queue, to be closed by the caller
   * @throws IOException if the catalogue fails
   */
  public static BackgroundMoves open(
      TwoTierStore store, Catalogue catalogue, RateLimit limit, RightOfWay urgent)
      throws IOException {
    BackgroundMoves moves = new BackgroundMoves(store, catalogue.moves(), limit, urgent);
    moves.resume();
    return moves;
  }

  private void resume() throws IOException {
    lock.lock();
    try {
      for (WantedMove move : table.list()) {
        requests.put(move.blob(), new Request(move, new CompletableFuture<>()));
        nextOrder = Math.max(nextOrder, move.order() + 1);
      }
      if (!requests.isEmpty()) {
        startWorker();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks for a move. An earlier request for the same blob is replaced: if it was for the other
   * tier, it is cancelled; if it was for the same tier, both have the same future. A copy that is
   * under way to the same tier goes on as it is.
   *
   * @param blob its digest; whether there is such a blob is found out when its turn comes
   * @param target where to
   * @param priority the higher, the sooner
   * @return ends when all of the blob is on the target; with the reason, such as a {@link
   *     io.github.ndocker.api.TierFullException}, if that failed; as cancelled by {@link #cancel}.
   *     To cancel the future itself stops nothing.
   * @throws IOException if the catalogue fails, or this is closed
   */
  public CompletableFuture<Void> request(Digest blob, Tier target, int priority)
      throws IOException {
    Request replaced;
    CompletableFuture<Void> done;
    lock.lock();
    try {
      requireOpen();
      replaced = requests.get(blob);
      if (replaced == null || replaced.move.target() != target) {
        done = new CompletableFuture<>();
      } else if (replaced == running) {
        return replaced.done;
      } else {
        done = replaced.done;
      }
      WantedMove move = new WantedMove(blob, target, priority, nextOrder);
      table.put(move);
      nextOrder++;
      requests.put(blob, new Request(move, done));
      if (replaced != null) {
        replaced.withdrawn = true;
      }
      startWorker();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (replaced != null && replaced.done != done) {
      // not under the lock: what waits for it may do anything
      replaced.done.cancel(false);
    }
    return done;
  }

  /**
   * Cancels a move, also in the middle of a copy: waits until that has ended, and nothing is left
   * of it. That takes a piece of a mebibyte at most; or, where an earlier copy that a mount has
   * kept on the target is just looked at to be used again, until all of that is read.
   *
   * @param blob its digest
   * @return false if nobody wanted it moved, or if it was too late
   * @throws IOException if the catalogue fails; the move is then not cancelled
   */
  public boolean cancel(Digest blob) throws IOException {
    Request request;
    lock.lock();
    try {
      request = requests.get(blob);
      if (request == null) {
        return false;
      }
      table.remove(blob);
      requests.remove(blob);
      request.withdrawn = true;
      while (running == request && Thread.currentThread() != worker) {
        changed.awaitUninterruptibly();
      }
      if (request.made) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    request.done.cancel(false);
    return true;
  }

  /**
   * What is still to be made.
   *
   * @return the next one first; a copy, with the one that is under way
   */
  public List<WantedMove> pending() {
    lock.lock();
    try {
      List<WantedMove> moves = new ArrayList<>();
      requests.values().forEach(request -> moves.add(request.move));
      moves.sort(WantedMove.NEXT_FIRST);
      return moves;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How fast bytes are copied.
   *
   * @return the limit, whose rate can be changed at any time
   */
  public RateLimit limit() {
    return limit;
  }

  /**
   * Ends the copy that is under way, as {@link #cancel} does, and keeps the queue in the catalogue.
   * Futures of moves that were not made end with an {@link NDockerException}. Not to be called by a
   * {@link StoreListener}.
   */
  @Override
  public void close() {
    Thread ending;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      ending = worker;
    } finally {
      lock.unlock();
    }
    if (ending != null) {
      BackgroundThread.awaitEnd(ending);
    }
    List<Request> left;
    lock.lock();
    try {
      left = List.copyOf(requests.values());
      requests.clear();
    } finally {
      lock.unlock();
    }
    for (Request request : left) {
      request.done.completeExceptionally(
          new NDockerException(
              "the queue was closed before blob "
                  + request.move.blob()
                  + " was moved; it goes on when it is opened again"));
    }
  }

  private void startWorker() {
    if (worker == null) {
      worker = BackgroundThread.start("ndocker-moves", this::work);
    }
  }

  private void work() {
    try {
      while (awaitRequest()) {
        // before one is chosen, and before there is a copy that would take space meanwhile
        urgent.await(this::requireOpen);
        Request next = take();
        if (next != null) {
          make(next);
        }
      }
    } catch (IOException e) {
      LOG.debug("no more moves: {}", e.getMessage());
    }
  }

  /** False if there will be none any more. */
  private boolean awaitRequest() {
    lock.lock();
    try {
      while (!closed && requests.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Request take() {
    lock.lock();
    try {
      for (Request request : requests.values()) {
        if (running == null || WantedMove.NEXT_FIRST.compare(request.move, running.move) < 0) {
          running = request;
        }
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  private void make(Request request) {
    WantedMove move = request.move;
    StillWanted wanted =
        () -> {
          requireOpen();
          if (request.withdrawn) {
            throw new MoveWithdrawnException("the move of blob " + move.blob() + " is cancelled");
          }
        };
    try {
      store.move(move.blob(), move.target(), pace, wanted);
      end(request, true);
      request.done.complete(null);
    } catch (MoveWithdrawnException e) {
      end(request, false);
    } catch (IOException e) {
      giveUp(request, e);
    } catch (RuntimeException e) {
      // a bug in a tier that is not ours ends this move, not all others
      giveUp(request, new IOException("the move failed: " + e, e));
    }
  }

  private void giveUp(Request request, IOException reason) {
    WantedMove move = request.move;
    LOG.warn(
        "blob {} is not moved to the tier {}: {}", move.blob(), move.target(), reason.toString());
    end(request, true);
    store.events().moveFailed(move.blob(), move.target(), reason);
    request.done.completeExceptionally(reason);
  }

  /** Forgets a move that was made or given up, unless somebody has asked for another one. */
  private void end(Request request, boolean over) {
    lock.lock();
    try {
      request.made = over;
      if (over && requests.remove(request.move.blob(), request)) {
        table.remove(request.move.blob());
      }
    } catch (IOException e) {
      LOG.warn("a move that is over is made again when the queue is next opened", e);
    } finally {
      running = null;
      changed.signalAll();
      lock.unlock();
    }
  }

  private void requireOpen() throws MoveWithdrawnException {
    lock.lock();
    try {
      if (closed) {
        throw new MoveWithdrawnException("the queue of moves is closed");
      }
    } finally {
      lock.unlock();
    }
  }
}

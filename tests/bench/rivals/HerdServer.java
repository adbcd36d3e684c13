import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A herd's server in Java 17: java HerdServer [--threads] NAME PORT LOG NEIGHBOUR_PORT...
 *
 * One thread and a selector, or with --threads a thread a connection. Strings are latin1, which keeps
 * bytes as they are and costs a byte a character; fields are found without regular expressions.
 */
@SuppressWarnings("deprecation")
public class HerdServer {
  record Known(long seconds, int nanos, String line) {}

  static String name;
  static final Map<String, Known> clients = new HashMap<>();
  static final List<Link> links = new ArrayList<>();
  static FileOutputStream logFile;
  static byte[] logBytes = new byte[1 << 16];
  static int logLength;
  static long seconds;
  static int nanos;
  static String stamp = "";

  public static void main(String[] all) throws Exception {
    boolean threads = all[0].equals("--threads");
    String[] args = threads ? Arrays.copyOfRange(all, 1, all.length) : all;
    name = args[0];
    logFile = new FileOutputStream(args[2], true);
    for (String port : Arrays.asList(args).subList(3, args.length)) {
      links.add(new Link(Integer.parseInt(port)));
    }
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1])), 1024);
    Thread flusher = new Thread(HerdServer::flushNowAndThen);
    flusher.setDaemon(true);
    flusher.start();
    if (threads) {
      for (;;) {
        SocketChannel channel = server.accept();
        Session session = new Session(channel);
        new Thread(() -> { while (session.read()) sendLinks(); }).start();
      }
    }
    select(server);
  }

  static void select(ServerSocketChannel server) throws IOException {
    Selector selector = Selector.open();
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    for (;;) {
      selector.select(key -> {
        if (key.attachment() instanceof Session session) {
          if (!session.read()) key.cancel();
          return;
        }
        try {
          SocketChannel channel = server.accept();
          if (channel == null) return;
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ, new Session(channel));
        } catch (IOException error) {
          // Too many open files: the client waits.
        }
      });
      sendLinks();
    }
  }

  static void sendLinks() {
    for (Link link : links) link.wake();
  }

  /** Reads the clock once a read. */
  static void readClock() {
    Instant now = Instant.now();
    if (now.getEpochSecond() != seconds) stamp = now.toString().substring(0, 19);
    seconds = now.getEpochSecond();
    nanos = now.getNano();
  }

  static synchronized void flushLog() {
    try {
      logFile.write(logBytes, 0, logLength);
    } catch (IOException error) {
      System.err.println(error);
    }
    logLength = 0;
  }

  static void flushNowAndThen() {
    for (;;) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException error) {
        return;
      }
      flushLog();
    }
  }

  static void put(String text) {
    text.getBytes(0, text.length(), logBytes, logLength);
    logLength += text.length();
  }

  static synchronized void log(String label, String line) {
    if (logLength + label.length() + line.length() + 40 > logBytes.length) flushLog();
    put(stamp);
    logBytes[logLength++] = '.';
    putNine(nanos);
    put(label);
    put(line);
    logBytes[logLength++] = '\n';
  }

  static void putNine(int value) {
    for (int at = 8; at >= 0; at--, value /= 10) logBytes[logLength + at] = (byte) ('0' + value % 10);
    logLength += 9;
  }

  static void appendNine(StringBuilder text, long value) {
    String digits = Long.toString(value);
    text.append("000000000", 0, 9 - digits.length()).append(digits);
  }

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** The fields of a line, or null when there are more than six. */
  static int fields(String line, String[] fields) {
    int count = 0;
    for (int at = 0, length = line.length(); ; ) {
      while (at < length && isSpace(line.charAt(at))) at++;
      if (at == length) return count;
      int start = at;
      while (at < length && !isSpace(line.charAt(at))) at++;
      if (count == fields.length) return -1;
      fields[count++] = line.substring(start, at);
    }
  }

  static int digits(String text, int at) {
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
    return at;
  }

  /** One past a coordinate, or -1. */
  static int coordinate(String text, int at, int digitsMax, double max) {
    if (at >= text.length() || (text.charAt(at) != '+' && text.charAt(at) != '-')) return -1;
    int end = digits(text, at + 1);
    if (end == at + 1 || end - at - 1 > digitsMax) return -1;
    int whole = Integer.parseInt(text, at + 1, end, 10);
    int point = end;
    if (end < text.length() && text.charAt(end) == '.') end = digits(text, end + 1);
    if (whole < max) return end;
    return Double.parseDouble(text.substring(at + 1, end)) <= max ? end : -1;
  }

  static boolean isLocation(String text) {
    int latitude = coordinate(text, 0, 2, 90);
    return latitude > 0 && coordinate(text, latitude, 3, 180) == text.length();
  }

  static boolean isTime(String text) {
    int whole = digits(text, 0);
    if (whole == 0 || whole > 18) return false;
    if (whole == text.length()) return true;
    return text.charAt(whole) == '.' && whole + 1 < text.length()
        && digits(text, whole + 1) == text.length();
  }

  static long secondsOf(String time) {
    return Long.parseLong(time, 0, digits(time, 0), 10);
  }

  static int nanosOf(String time) {
    int nanos = 0;
    int at = digits(time, 0) + 1;
    for (int digit = 0; digit < 9; digit++, at++) {
      nanos = nanos * 10 + (at < time.length() ? time.charAt(at) - '0' : 0);
    }
    return nanos;
  }

  static void learn(String client, String time, String line) {
    long seconds = secondsOf(time);
    int nanos = nanosOf(time);
    Known known = clients.get(client);
    if (known != null && (known.seconds > seconds
        || (known.seconds == seconds && known.nanos >= nanos))) return;
    clients.put(client, new Known(seconds, nanos, line));
    for (Link link : links) link.add(client, line);
  }

  static String answer(String line, String[] fields) {
    int count = fields(line, fields);
    if (count == 4 && fields[0].equals("IAMAT") && isLocation(fields[2]) && isTime(fields[3])) {
      long whole = seconds - secondsOf(fields[3]);
      long part = nanos - nanosOf(fields[3]);
      boolean isNegative = whole < 0 || (whole == 0 && part < 0);
      if (isNegative) { whole = -whole; part = -part; }
      if (part < 0) { whole -= 1; part += 1_000_000_000; }
      StringBuilder text = new StringBuilder(line.length() + 40);
      text.append("AT ").append(name).append(isNegative ? " -" : " +").append(whole).append('.');
      appendNine(text, part);
      text.append(' ').append(fields[1]).append(' ').append(fields[2]).append(' ').append(fields[3]);
      String answer = text.toString();
      learn(fields[1], fields[3], answer);
      return answer;
    }
    if (count == 6 && fields[0].equals("AT") && isTime(fields[5])) {
      learn(fields[3], fields[5], line);
      return null;
    }
    return "? " + line;
  }

  /** A client, or a neighbour that sends its records. */
  static class Session {
    final SocketChannel channel;
    final String in;
    final String out;
    final String[] fields = new String[6];
    ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);
    byte[] bytes = new byte[1 << 16];
    byte[] answers = new byte[1 << 17];
    ByteBuffer output = ByteBuffer.allocateDirect(1 << 17);

    Session(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      in = " INFO in " + channel.getRemoteAddress() + " ";
      out = " INFO out " + channel.getRemoteAddress() + " ";
    }

    /** Reads once and answers; false at the end. */
    boolean read() {
      try {
        if (channel.read(input) < 0) { channel.close(); return false; }
        int length = input.position();
        input.flip().get(bytes, 0, length);
        int start = 0;
        int answered = 0;
        synchronized (clients) {
          readClock();
          for (int at = 0; at < length; at++) {
            if (bytes[at] != '\n') continue;
            String line = new String(bytes, 0, start, at - start);
            start = at + 1;
            log(in, line);
            String answer = answer(line, fields);
            if (answer == null) continue;
            log(out, answer);
            answer.getBytes(0, answer.length(), answers, answered);
            answered += answer.length();
            answers[answered++] = '\n';
            if (answered + 1024 < answers.length) continue;
            write(answered);
            answered = 0;
          }
        }
        input.clear().put(bytes, start, length - start);
        write(answered);
        return true;
      } catch (IOException error) {
        return false;
      }
    }

    void write(int length) throws IOException {
      output.clear().put(answers, 0, length).flip();
      while (output.hasRemaining()) channel.write(output);
    }
  }

  /** A link to a neighbour, with a thread that dials and sends what is newest. */
  static class Link {
    final int port;
    final String label;
    Map<String, String> waiting = new LinkedHashMap<>();

    Link(int port) {
      this.port = port;
      label = " INFO out " + port + " ";
      Thread thread = new Thread(this::keep);
      thread.setDaemon(true);
      thread.start();
    }

    synchronized void add(String client, String line) {
      waiting.put(client, line);
    }

    synchronized void wake() {
      if (!waiting.isEmpty()) notify();
    }

    synchronized Map<String, String> take() throws InterruptedException {
      while (waiting.isEmpty()) wait();
      Map<String, String> taken = waiting;
      waiting = new LinkedHashMap<>();
      return taken;
    }

    void keep() {
      for (;;) {
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
          byte[] bytes = new byte[1 << 16];
          for (;;) {
            int length = 0;
            for (String line : take().values()) {
              log(label, line);
              if (length + line.length() + 1 > bytes.length) bytes = Arrays.copyOf(bytes, 2 * bytes.length);
              line.getBytes(0, line.length(), bytes, length);
              length += line.length();
              bytes[length++] = '\n';
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            while (buffer.hasRemaining()) channel.write(buffer);
          }
        } catch (IOException error) {
          try { Thread.sleep(500); } catch (InterruptedException end) { return; }
        } catch (InterruptedException end) {
          return;
        }
      }
    }
  }
}

// receive: an SMTP or LMTP server that keeps each message it accepts in a maildir, and prints its envelope.
//
//   receive [--lmtp] [--port N] [--once N] [--count] FOLDER
//
// Listens on the loopback interface, on a free port unless told which, and prints that port. One thread and one poll
// loop serve any number of clients; --once N ends when N of them have gone, --count prints what each has cost. SMTP is
// the session's part. Left here is what every server decides for itself: where messages go, when to read and to write.

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sansmtp/sansmtp.hpp"

namespace {

using namespace sansmtp::literals;
using clock_type = std::chrono::steady_clock;

// A message on its way to the disk: in tmp until it is whole, then in new, so that no reader ever sees a half.
struct maildir_file {
  std::string name{};
  std::FILE* file = nullptr;

  ~maildir_file() { discard(); }
  bool open() {
    static unsigned long count = 0;
    discard();
    name = std::to_string(std::time(nullptr)) + ".P" + std::to_string(getpid()) + "Q" + std::to_string(++count);
    return (file = std::fopen(("tmp/" + name).c_str(), "wb")) != nullptr;
  }
  // Whether the message now stands in new, safe from a crash: only then may it be answered with 250 (RFC 5321 4.2.5).
  bool keep() {
    const bool kept = std::fflush(file) == 0 && std::ferror(file) == 0 && fsync(fileno(file)) == 0 &&
                      std::rename(("tmp/" + name).c_str(), ("new/" + name).c_str()) == 0;
    return discard(), kept;
  }
  void discard() {
    if (file == nullptr) return;
    std::fclose(std::exchange(file, nullptr));
    unlink(("tmp/" + name).c_str());
  }
};

struct connection {
  static constexpr std::size_t longest_answer = 16384;  // LMTP's, to a hundred recipients
  static constexpr sansmtp::response no_room{452, {4, 3, 1}, "no room for a message now"};

  int socket;
  sansmtp::server session;
  sansmtp::input_buffer<16384> in{};
  sansmtp::output_buffer<2 * longest_answer> out{};
  std::string envelope{};
  maildir_file file{};
  bool hungry = false, over = false;
  clock_type::time_point deadline{};
  std::size_t reads = 0, steps = 0;

  // The greeting is owed from the start.
  connection(int fd, const sansmtp::server_options& options) : socket(fd), session(options) { answer(), turn(); }
  ~connection() { close(socket); }

  // What the session tells. Whatever has no overload of its own is answered as the RFC has it.
  void on(const auto&) { answer(); }
  void on(const sansmtp::need_more&) { hungry = true; }
  void on(const sansmtp::closed&) { over = true; }
  void on(const sansmtp::mail& command) {
    envelope.assign(command.from.text()).append(" to");
    file.open() ? answer() : answer(no_room);
  }
  void on(const sansmtp::rcpt& command) { envelope.append(" ").append(command.to.text()), answer(); }
  void on(const sansmtp::message_bytes& piece) { std::fwrite(piece.bytes.data(), 1, piece.bytes.size(), file.file); }
  void on(const sansmtp::message_end& message) {
    if (!file.keep()) return answer(no_room);
    const auto size = static_cast<std::size_t>(message.size);
    std::printf("%s: %zu octets in new/%s\n", envelope.c_str(), size, file.name.c_str());
    answer();
  }

  // Most events owe one reply, a piece of a message none, and a whole one in LMTP one for each of its recipients. All
  // have their room and their place: a fault would be this program's own, and ends the connection.
  void answer(const auto&... reply) {
    while (session.owed() != 0 && !over) over = !session.answer(reply..., out);
  }

  // The socket is ready. Reads once at most, so that no client keeps the others waiting, and works off what came;
  // replies gather, and leave together when there is nothing more to answer (RFC 2920 3.2).
  void turn() {
    deadline = clock_type::now() + session.patience();
    if (hungry) read();
    while (!hungry && !over) {
      if (out.room() < longest_answer) write();
      if (out.room() < longest_answer) return;
      std::visit([this](const auto& event) { on(event); }, session.receive(in));
      if (!sansmtp::transaction.has(session.phase())) file.discard();
      ++steps;
    }
    write();
  }

  // What to wait for. A client that takes no replies is, when our room for them is used up, not read from either.
  int awaited() const { return (hungry ? POLLIN : 0) | (out.empty() ? 0 : POLLOUT); }
  bool done() const { return (over && out.empty()) || clock_type::now() > deadline; }

  void read() {
    const auto space = in.space();
    const ssize_t got = recv(socket, space.data(), space.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    in.commit(got < 0 ? 0 : static_cast<std::size_t>(got));  // an error is an end like any other
    hungry = false, ++reads;
  }

  void write() {
    while (!out.empty()) {
      const ssize_t sent = send(socket, out.written().data(), out.written().size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (sent < 0) return out.clear(), void(over = true);  // nobody is there to take the rest
      out.drop(static_cast<std::size_t>(sent));
    }
  }
};

// A socket that listens on the loopback interface, its port printed; -1 when there is none to be had.
int listen_on(unsigned long port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  auto* any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, any, size) != 0 || listen(listener, 128) != 0 || getsockname(listener, any, &size) != 0) return -1;
  fcntl(listener, F_SETFL, O_NONBLOCK);
  std::printf("listening on port %d\n", ntohs(address.sin_port));
  return listener;
}

}  // namespace

int main(int count, char** words) {
  using enum sansmtp::extension;
  sansmtp::server_options options{.host = "receive.example"_domain};
  options.extensions = {pipelining, size, eight_bit_mime, chunking, smtputf8, enhanced_status_codes};
  options.size_limit = 32 << 20;
  unsigned long port = 0, once = 0, ended = 0;
  bool counting = false;
  std::string folder;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--lmtp") options.kind = sansmtp::service::lmtp;
    if (word == "--count") counting = true;
    if (word == "--port" && i + 1 < count) port = std::strtoul(words[++i], nullptr, 10);
    if (word == "--once" && i + 1 < count) once = std::strtoul(words[++i], nullptr, 10);
    folder = words[i];
  }
  if (folder.empty() || folder[0] == '-') return std::fputs("usage: receive [--lmtp] [--port N] FOLDER\n", stderr), 64;
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  if (mkdir(folder.c_str(), 0700), chdir(folder.c_str()) != 0) return std::perror("receive: the folder"), 73;
  for (const char* part : {"tmp", "new", "cur"}) mkdir(part, 0700);
  const int listener = listen_on(port);
  if (listener < 0) return std::perror("receive"), 71;

  std::list<connection> connections;
  std::vector<pollfd> sockets;
  while (once == 0 || ended < once) {
    const bool room = connections.size() < 500;
    sockets.assign(1, {room ? listener : -1, POLLIN, 0});
    for (const connection& each : connections) sockets.push_back({each.socket, static_cast<short>(each.awaited()), 0});
    poll(sockets.data(), sockets.size(), 1000);
    auto ready = sockets.begin();
    ended += std::erase_if(connections, [&](connection& each) {
      if ((++ready)->revents != 0) each.turn();
      const bool done = each.done();
      if (done && counting) std::printf("ended: %zu reads, %zu steps\n", each.reads, each.steps);
      return done;
    });
    if (const int socket = room ? accept(listener, nullptr, nullptr) : -1; socket >= 0) {
      fcntl(socket, F_SETFL, O_NONBLOCK);
      connections.emplace_back(socket, options);
    }
  }
}

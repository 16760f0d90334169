// send: hands a message to one or many recipients, by SMTP or LMTP.
//
//   send [--lmtp] [--repair] HOST:PORT FROM TO... < MESSAGE
//
// FROM may be "<>"; the message has CRLF line ends, or --repair is asked for. Prints the reply that settled each
// recipient, and exits as sysexits.h has it. MAIL, RCPT and DATA travel in one group where PIPELINING is offered, the
// message by BDAT where CHUNKING is. When something may be said is not known here: the program tries to say the next
// thing, and where the session holds that back, it listens.

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sansmtp/sansmtp.hpp"

namespace {

using sansmtp::act, sansmtp::errc, sansmtp::extension, sansmtp::newline_repair, sansmtp::conversation::message_ends;

constexpr auto name = *sansmtp::hello_name::parse("[127.0.0.1]");

struct recipient {
  const char* word;
  sansmtp::forward_path path;
  std::string verdict{};  // the reply that settled it
};

// One conversation, for one message.
struct delivery {
  int socket;
  const sansmtp::client_options& options;
  const sansmtp::reverse_path& from;
  std::vector<recipient>& recipients;
  std::string_view message;

  sansmtp::client session{options};
  sansmtp::input_buffer<65536> in{};
  sansmtp::output_buffer<65536> out{};
  sansmtp::output_buffer<128> parameters{};
  std::vector<sansmtp::command> script{};  // what is to be said, in order; how much in one group, the session knows
  std::size_t said = 0;
  std::vector<std::uint32_t> accepted{};  // the recipients that LMTP's replies to the message are about
  std::string_view part{};                // what is left to be written
  bool dot_due = false;
  std::optional<sansmtp::fault> broken{};  // what ended the conversation when it was not in good order

  void run() {
    while (session.open()) std::visit([this](const auto& event) { on(event); }, session.receive(in));
  }

  void on(const auto&) {}  // challenges and TLS handshakes, which nobody here asks for
  void on(const sansmtp::closed& end) { broken = end.why; }
  void on(const sansmtp::send_message&) {
    dot_due = true;
    if (session.recipients() != 0) part = message;  // else the dot stands alone (RFC 2920 3.1)
  }
  void on(const sansmtp::answer& heard) {
    const sansmtp::reply_code code = heard.reply.code();
    const std::string words = std::to_string(code.value).append(" ").append(*heard.reply.raw_lines().begin());
    if (code.closing()) return settle_all(words);
    if (heard.to == act::rcpt && code.positive()) return accepted.push_back(heard.index);
    if (heard.to == act::rcpt) return settle(heard.index, words);
    if (message_ends.has(heard.to)) return lmtp() ? settle(accepted[heard.index], words) : settle_all(words);
    if (heard.to == act::ehlo && code.kind() == sansmtp::reply_class::permanent) return say(sansmtp::helo{name});
    if (!code.positive()) return give_up(words);
    if (heard.to == act::greeting) return lmtp() ? say(sansmtp::lhlo{name}) : say(sansmtp::ehlo{name});
    if (sansmtp::conversation::hellos.has(heard.to)) say_delivery();
  }

  void say(const sansmtp::command& next) { script.assign(1, next), said = 0; }
  void say_delivery() {
    const sansmtp::capabilities& offered = session.offered();
    sansmtp::mail_fields fields{.smtputf8 = !from.is_ascii()};
    for (const recipient& each : recipients) fields.smtputf8 = fields.smtputf8 || !each.path.is_ascii();
    if (offered.has(extension::size)) fields.size = message.size();
    if (offered.has(extension::eight_bit_mime)) fields.body = sansmtp::body_type::eight_bit_mime;
    say(sansmtp::mail{from, *compose(fields, parameters)});
    for (const recipient& each : recipients) script.push_back(sansmtp::rcpt{each.path});
    // A chunk goes as it is: what needs repair goes by DATA.
    const bool chunk = offered.has(extension::chunking) && options.newlines == newline_repair::refuse;
    script.push_back(chunk ? sansmtp::command(sansmtp::bdat{message.size(), true}) : sansmtp::data{});
    script.push_back(sansmtp::quit{});
  }

  // Says the next thing. False when that has to wait, or there is none.
  bool say_next() {
    part.remove_prefix(session.write(part, out).value_or(0));
    if (!part.empty()) return false;
    if (dot_due) return !(dot_due = !session.finish(out));
    if (said == script.size()) return false;
    const bool chunk = std::holds_alternative<sansmtp::bdat>(script[said]);
    if (chunk && session.awaited() != 0) return false;  // no octets before somebody is accepted
    const auto done = session.send(script[said], out);
    const errc why = done.error().code;
    if (!done && (why == errc::awaiting_reply || why == errc::output_full)) return false;
    if (!done) return give_up("554 not sent: " + std::string(facts(why).sentence)), true;
    if (chunk) part = message;
    return ++said, true;
  }

  bool lmtp() const { return options.kind == sansmtp::service::lmtp; }
  void give_up(const std::string& verdict) { settle_all(verdict), say(sansmtp::quit{}); }
  void settle_all(const std::string& verdict) {
    for (std::size_t i = 0; i < recipients.size(); ++i) settle(i, verdict);
  }
  void settle(std::size_t which, const std::string& verdict) {
    if (recipients[which].verdict.empty()) recipients[which].verdict = verdict;
  }

  // All replies were told. Says what may be said now, and waits: for the next, or for room. A server that takes longer
  // than it may counts as gone.
  void on(const sansmtp::need_more&) {
    while (say_next()) continue;
    pollfd ready{socket, static_cast<short>(POLLIN | (out.empty() ? 0 : POLLOUT)), 0};
    if (poll(&ready, 1, static_cast<int>(session.patience().count()) * 1000) == 0) return in.commit(0);
    if ((ready.revents & POLLOUT) != 0) {
      const ssize_t sent = ::send(socket, out.written().data(), out.written().size(), MSG_NOSIGNAL);
      out.drop(sent > 0 ? static_cast<std::size_t>(sent) : 0);  // if that failed, reading will tell
    }
    if ((ready.revents & ~POLLOUT) == 0) return;
    const auto space = in.space();
    const ssize_t got = recv(socket, space.data(), space.size(), 0);
    if (got >= 0 || (errno != EAGAIN && errno != EINTR)) in.commit(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
};

int connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  int connected = -1;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return -1;
  for (const addrinfo* each = found; each != nullptr && connected < 0; each = each->ai_next) {
    connected = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (connect(connected, each->ai_addr, each->ai_addrlen) != 0) close(connected), connected = -1;
  }
  freeaddrinfo(found);
  fcntl(connected, F_SETFL, O_NONBLOCK);
  return connected;
}

int fail(int status, const char* why) { return std::fprintf(stderr, "send: %s\n", why), status; }

}  // namespace

int main(int count, char** words) {
  sansmtp::client_options options;
  for (; count > 1 && std::string_view(words[1]).starts_with("--"); --count, ++words) {
    if (std::string_view(words[1]) == "--lmtp") options.kind = sansmtp::service::lmtp;
    if (std::string_view(words[1]) == "--repair") options.newlines = newline_repair::repair;
  }
  const std::string place = count < 4 ? "" : words[1];
  const std::size_t colon = place.rfind(':');
  if (colon == place.npos) return fail(EX_USAGE, "usage: send [--lmtp] [--repair] HOST:PORT FROM TO... < MESSAGE");
  const auto from = sansmtp::reverse_path::parse(words[2], sansmtp::quirk::bare_path);
  if (!from) return fail(EX_USAGE, facts(from.error()).sentence.data());
  std::vector<recipient> recipients;
  for (int i = 3; i < count; ++i) {
    const auto path = sansmtp::forward_path::parse(words[i], sansmtp::quirk::bare_path);
    if (!path) return fail(EX_USAGE, facts(path.error()).sentence.data());
    recipients.push_back({words[i], *path});
  }

  std::string message;
  char block[1 << 16];
  while (const std::size_t got = std::fread(block, 1, sizeof block, stdin)) message.append(block, got);
  if (std::ferror(stdin) != 0) return fail(EX_NOINPUT, "the message can not be read");
  const bool refuse = options.newlines == newline_repair::refuse;
  sansmtp::newline_check lines;
  lines.look(message), lines.finish();
  if (refuse && lines.why()) return fail(EX_DATAERR, facts(*lines.why()).sentence.data());
  if (refuse && !message.empty() && message.back() != '\n') return fail(EX_DATAERR, "the last line lacks its CRLF");

  const int socket = connect_to(place.substr(0, colon), place.substr(colon + 1));
  if (socket < 0) return fail(EX_TEMPFAIL, "no connection");
  delivery job{socket, options, *from, recipients, message};
  job.run();
  const bool nonsense = job.broken && job.broken->code != errc::connection_lost;
  int status = EX_OK;
  for (recipient& each : recipients) {
    if (each.verdict.empty()) each.verdict = nonsense ? facts(*job.broken).sentence : "the connection was lost";
    std::printf("%s: %s\n", each.word, each.verdict.c_str());
    if (each.verdict[0] == '5') status = EX_UNAVAILABLE;
    if (each.verdict[0] != '2' && status == EX_OK) status = nonsense ? EX_PROTOCOL : EX_TEMPFAIL;
  }
  return status;
}

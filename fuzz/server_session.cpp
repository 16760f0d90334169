// Any octets sent to a server: the same events and the same replies however they are cut, every
// reply whole lines, every refusal refused, and an end to it.

#include "sansmtp/sansmtp.hpp"

#include <optional>
#include <type_traits>
#include <variant>

#include "properties.hpp"
#include "support/every_cut.hpp"

using properties::require;

namespace {

using namespace sansmtp::literals;

// A server, and all that it said and did as text.
class recorded {
 public:
  explicit recorded(const sansmtp::server_options& options) : session_(options) {}

  // Octets have arrived. What the session does not use up stays, and is presented again.
  void feed(std::string_view octets) {
    pending_ += octets;
    while (!over_) {
      const auto step = session_.receive(pending_);
      require(step.used <= pending_.size(), "no more is used than there is");
      std::visit([&](const auto& event) { on(event); }, step.event);
      pending_.erase(0, step.used);
      if (std::holds_alternative<sansmtp::need_more>(step.event)) break;
      turn(step.used);
    }
  }

  // The same through the library's buffer.
  template <std::size_t N>
  void feed(sansmtp::input_buffer<N>& in, std::string_view octets) {
    while (!over_) {
      const auto event = session_.receive(in);
      std::visit([&](const auto& e) { on(e); }, event);
      if (!std::holds_alternative<sansmtp::need_more>(event)) {
        turn(0);
        continue;
      }
      if (octets.empty()) break;
      const auto space = in.space();
      require(!space.empty(), "there is room where more is needed");
      const std::size_t taken = octets.copy(space.data(), space.size());
      in.commit(taken);
      octets.remove_prefix(taken);
    }
  }

  std::string finish(std::string_view unread) {
    if (!over_) on(session_.end_of_input(unread));
    return log_;
  }
  std::string finish() { return finish(pending_); }

 private:
  // Every turn without progress must be an answer to what is owed: so there is an end.
  void turn(std::size_t used) {
    idle_ = used == 0 ? idle_ + 1 : 0;
    require(idle_ < 1000, "the session moves on");
  }

  void say(std::string_view what, std::string_view detail = {}) {
    in_content_ = false;
    log_.append(what).append(" ").append(detail).append("\n");
  }

  void answer() { check(session_.answer(out_)); }
  void answer(const sansmtp::response& reply) { check(session_.answer(reply, out_)); }

  void check(sansmtp::result<void> written) {
    require(written.has_value(), "what is owed can be answered");
    const std::string_view reply = out_.written();
    require(reply.size() >= 5 && reply.substr(reply.size() - 2) == "\r\n", "a reply is whole lines");
    require(sansmtp::find_line_edge(reply) == reply.size() - 1, "a reply holds no CR or LF alone");
    say(reply);
    out_.clear();
  }

  void on(const sansmtp::need_more&) {}
  void on(const sansmtp::paused&) { answer(); }
  void on(const sansmtp::message_bytes& piece) {
    // Where a message's octets are cut is the network's affair: the log joins them.
    if (!in_content_) say("content");
    in_content_ = true;
    log_ += piece.bytes;
  }
  void on(const sansmtp::message_end& end) {
    say("message", std::to_string(end.size));
    while (session_.owed() != 0) answer();
  }
  void on(const sansmtp::refused& r) {
    say("refused",
        std::to_string(static_cast<int>(r.why.code)) + " at " + std::to_string(r.why.at) + " " + std::string(r.line));
    require(session_.owed() != 0, "a refusal owes an answer");
    require(session_.answer({250, {2, 0, 0}, "ok"}, out_).error().code == sansmtp::errc::answer_must_refuse,
            "what was refused cannot succeed");
    require(out_.empty(), "a call that fails writes nothing");
    while (session_.owed() != 0) answer();
  }
  void on(const sansmtp::rcpt& r) {
    say("rcpt", r.to.text());
    if (r.to.text().find("unknown") != std::string_view::npos) return answer({550, {5, 1, 1}, "no such user"});
    answer();
  }
  void on(const sansmtp::auth& a) {
    say("auth", a.mechanism);
    if (!a.initial_response) return check(session_.challenge("who?", out_));
    answer({235, {2, 7, 0}, "welcome"});
  }
  void on(const sansmtp::auth_response& r) {
    say("response", r.response.text());
    answer({235, {2, 7, 0}, "welcome"});
  }
  void on(const sansmtp::start_tls&) {
    say("tls");
    over_ = true;
  }
  void on(const sansmtp::closed& c) {
    // Whether octets behind STARTTLS were seen before the handshake is the one thing that time decides.
    if (c.why && c.why->code == sansmtp::errc::tls_residue) return on(sansmtp::start_tls{});
    say("closed", c.why ? std::to_string(static_cast<int>(c.why->code)) : "");
    over_ = true;
  }
  // Any other command, or the end of a chunk.
  template <class Event>
  void on(const Event& event) {
    if constexpr (std::is_constructible_v<sansmtp::command, Event>) {
      const auto written = sansmtp::encode(sansmtp::command(event), out_);
      say("command", written ? out_.written() : "that cannot be written");
      out_.clear();
    } else {
      say("chunk");
    }
    if (!std::is_same_v<Event, sansmtp::bdat>) answer();  // a chunk is answered at its end
  }

  sansmtp::server session_;
  sansmtp::output_buffer<65536> out_;
  std::string pending_;
  std::string log_;
  bool in_content_ = false;
  bool over_ = false;
  int idle_ = 0;
};

void converses(std::string_view sent, const sansmtp::server_options& options) {
  const auto run = [&](support::parts parts) {
    recorded server(options);
    server.feed({});
    for (const std::string_view part : parts) server.feed(part);
    return server.finish();
  };
  const std::string differs = support::cut_that_differs(sent, run, 1 + sent.size() / 64);
  require(differs.empty(), "the conversation is the same for every cut, but not for", differs);

  const auto run_buffered = [&](support::parts parts) {
    recorded server(options);
    sansmtp::input_buffer<16384> in;
    server.feed(in, {});
    for (const std::string_view part : parts) server.feed(in, part);
    return server.finish(in.unread());
  };
  require(run_buffered(support::parts(&sent, 1)) == run(support::parts(&sent, 1)),
          "the conversation is the same through a buffer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t octets) {
  using enum sansmtp::extension;
  const std::string_view sent = properties::text_of(data, octets);
  sansmtp::server_options options{.host = "mx.example"_domain,
                                  .extensions = {pipelining, size, eight_bit_mime, binarymime, chunking, smtputf8,
                                                 enhanced_status_codes, dsn, starttls, sansmtp::extension::auth},
                                  .mechanisms = "PLAIN SCRAM-SHA-256",
                                  .size_limit = 300,
                                  .recipient_limit = 3,
                                  .cleartext_passwords = true};
  converses(sent, options);
  options.leniency = sansmtp::quirks::all;
  options.newlines = sansmtp::bare_newline::keep;
  options.start = sansmtp::phase::rcpt;
  converses(sent, options);
  options.kind = sansmtp::service::lmtp;
  options.leniency = sansmtp::quirks::strict;
  options.newlines = sansmtp::bare_newline::refuse;
  options.start = sansmtp::phase::connect;
  options.require_authentication = sent.size() % 2 == 1;
  converses(sent, options);
  return 0;
}

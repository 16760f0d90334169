// serving: a server session fed with octets, an application that answers, and a log of all that was
// said and done, which is what must not depend on how the octets were cut.
//
// What holds at every step is required here: the session moves on, whatever is written is one reply
// to the letter, a refusal cannot be answered with success, a failed call writes nothing, an envelope
// exists in a transaction only, faults lie inside of their lines, and while it waits it does not look
// back.

#ifndef SANSMTP_FUZZ_PROPERTIES_SERVING_HPP
#define SANSMTP_FUZZ_PROPERTIES_SERVING_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "properties/looking.hpp"
#include "properties/require.hpp"
#include "sansmtp/session/server.hpp"
#include "sansmtp/wire/encode_command.hpp"
#include "sansmtp/wire/reply.hpp"

namespace properties {

class serving {
 public:
  // `clear`: the octets that are in the clear; what the client sends behind them comes through TLS.
  serving(const sansmtp::server_options& options, std::size_t clear)
      : session_(options), tls_(options.tls), clear_(clear) {
    feed({});
  }

  // Octets have arrived. What the session does not use up stays, and is presented again.
  void feed(std::string_view octets) {
    if (arrived_ < clear_ && clear_ - arrived_ < octets.size()) {
      const std::size_t clear = clear_ - arrived_;
      feed(octets.substr(0, clear));
      return feed(octets.substr(clear));
    }
    std::size_t seen = pending_.size();
    pending_ += octets;
    arrived_ += octets.size();
    while (!over_) {
      const exact own(pending_);  // memory of its own for each look
      const sansmtp::server before = session_;
      const auto step = session_.receive(own.view());
      require(step.used <= pending_.size(), "no more is used than there is");
      std::visit([&](const auto& event) { on(event); }, step.event);
      if (std::holds_alternative<sansmtp::need_more>(step.event)) {
        if (step.used == 0 && !pending_.empty()) waits(before, seen);
        pending_.erase(0, step.used);
        break;
      }
      pending_.erase(0, step.used);
      seen = 0;
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
      const std::size_t clear = arrived_ < clear_ ? clear_ - arrived_ : octets.size();
      const std::size_t taken = octets.substr(0, clear).copy(space.data(), space.size());
      in.commit(taken);
      arrived_ += taken;
      octets.remove_prefix(taken);
    }
  }

  std::string finish(std::string_view unread) {
    if (!over_) on(session_.end_of_input(unread));
    require(!session_.open(), "behind the end of the input nothing goes on");
    return log_;
  }
  std::string finish() { return finish(pending_); }

  // What was said and done inside of TLS.
  std::string_view inside_tls() const { return std::string_view(log_).substr(tls_began_); }
  bool tls_started() const { return tls_began_ != 0; }
  bool greeted_anew() const { return mails_ == 0 && session_.failed_authentications() == 0; }

 private:
  // It waits: of what it had seen it needs to see nothing again.
  void waits(sansmtp::server before, std::size_t seen) {
    const half_blind spoilt(pending_, seen);
    const auto step = before.receive(spoilt.view());
    require(step.used == 0 && std::holds_alternative<sansmtp::need_more>(step.event),
            "while it waits it does not look back");
    require(session_.owed() == 0, "it waits for nothing while it owes an answer");
  }

  // Every turn without progress must be an answer to what is owed: so there is an end.
  void turn(std::size_t used) {
    idle_ = used == 0 ? idle_ + 1 : 0;
    require(idle_ < 1000, "the session moves on");
    const bool in_transaction = sansmtp::transaction.has(session_.phase());
    require(in_transaction || !session_.open() || (session_.recipients() == 0 && !session_.smtputf8()),
            "an envelope exists in a transaction");
    if (!in_transaction) size_ = 0;
    require(session_.tls() == tls_, "TLS begins when it is said to");
  }

  void say(std::string_view what, std::string_view detail = {}) {
    in_content_ = false;
    log_.append(what).append(" ").append(detail).append("\n");
  }
  void say(std::string_view what, sansmtp::fault why) {
    say(what, std::to_string(static_cast<int>(why.code)) + " at " + std::to_string(why.at));
  }

  void answer() {
    if (session_.owed() == 0) return;
    const std::uint32_t owed = session_.owed();
    check(session_.answer(out_));
    require(session_.owed() < owed || session_.phase() == sansmtp::phase::data, "an answer is one less owed");
  }
  void answer(const sansmtp::response& reply) { check(session_.answer(reply, out_)); }

  void check(sansmtp::result<void> put) {
    require(put.has_value(), "what is owed can be answered:", put ? "" : sansmtp::facts(put.error()).sentence);
    require(sansmtp::reply::parse(out_.written(), sansmtp::quirks::strict).has_value(), "an answer is one reply");
    say(out_.written());
    out_.clear();
  }

  // What must fail without a trace.
  void fails_well() {
    require(session_.answer({250, {2, 0, 0}, "ok"}, out_).error().code == sansmtp::errc::answer_must_refuse,
            "what was refused cannot succeed");
    require(!session_.answer({450, {}, "two\r\nlines"}, out_) && !session_.tls_started(), "nor what is no reply");
    require(out_.empty(), "a call that fails writes nothing");
  }

  void on(const sansmtp::need_more&) {}
  void on(const sansmtp::paused&) {
    require(session_.owed() != 0, "it pauses only while it owes");
    answer();
  }
  void on(const sansmtp::message_bytes& piece) {
    // Where a message's octets are cut is the network's affair: the log joins them.
    require(!piece.bytes.empty(), "a piece holds something");
    if (!in_content_) say("content");
    in_content_ = true;
    log_ += piece.bytes;
    size_ += piece.bytes.size();
  }
  void on(const sansmtp::message_end& end) {
    require(end.size == size_, "a message is as large as what was delivered of it");
    say("message", std::to_string(end.size));
    answer_all();
  }
  void on(const sansmtp::refused& r) {
    say("refused", r.why);
    say(r.line);
    require(session_.owed() != 0, "a refusal owes an answer");
    if (!r.line.empty()) located(r.why, r.line);
    fails_well();
    answer_all();
  }
  void on(const sansmtp::rcpt& r) {
    say("rcpt", r.to.text());
    if (r.to.text().find("unknown") != std::string_view::npos) return answer({550, {5, 1, 1}, "no such user"});
    answer();
  }
  void on(const sansmtp::mail& m) {
    ++mails_;
    size_ = 0;
    say("mail", m.from.text());
    say(m.parameters.raw().text());
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
    require(!tls_, "TLS is started once");
    if (arrived_ != clear_ || !session_.tls_started()) return fail_tls();
    say("tls");
    tls_ = true;
    tls_began_ = log_.size();
    require(session_.phase() == sansmtp::phase::greeted && session_.tls() && !session_.authenticated(),
            "all is forgotten");
  }
  void on(const sansmtp::closed& c) {
    // Whether octets behind STARTTLS were seen before the handshake is the one thing that time decides.
    if (c.why && c.why->code == sansmtp::errc::tls_residue) return fail_tls();
    if (c.why)
      say("closed", *c.why);
    else
      say("closed");
    over_ = true;
  }
  // Any other command, or the end of a chunk.
  template <class Event>
  void on(const Event& event) {
    if constexpr (std::is_constructible_v<sansmtp::command, Event>) {
      const auto put = sansmtp::encode(sansmtp::command(event), out_);
      require(put.has_value(), "a command that was read can be written");
      say("command", out_.written());
      out_.clear();
    } else {
      say("chunk");
    }
    if (!std::is_same_v<Event, sansmtp::bdat>) answer();  // a chunk is answered at its end
  }

  void answer_all() {
    while (session_.owed() != 0) answer();
  }
  void fail_tls() {
    say("no tls");
    over_ = true;
    (void)session_.end_of_input();
  }

  sansmtp::server session_;
  bool tls_;
  std::size_t clear_, arrived_ = 0;
  sansmtp::output_buffer<4096> out_;
  std::string pending_;
  std::string log_;
  std::size_t tls_began_ = 0;
  std::uint64_t size_ = 0;
  std::size_t mails_ = 0;
  bool in_content_ = false;
  bool over_ = false;
  int idle_ = 0;
};

}  // namespace properties

#endif

// wiring: a client and a server session joined by a wire on which octets take their time, with an
// application at each end, and a record of what was sent that is held against what is heard.
//
// Both must agree on where every command, every reply and every message begins and ends, on what each
// reply answers, and, whenever nothing is under way, on where the conversation stands. A third party
// may put octets of its own behind STARTTLS, or behind the answer to it: nothing of those may ever be
// heard inside of TLS.

#ifndef SANSMTP_FUZZ_PROPERTIES_WIRING_HPP
#define SANSMTP_FUZZ_PROPERTIES_WIRING_HPP

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "properties/asking.hpp"
#include "properties/choices.hpp"
#include "properties/parsing.hpp"
#include "sansmtp/session/server.hpp"

namespace properties {

class wiring {
 public:
  wiring(const sansmtp::server_options& server, const sansmtp::client_options& client, choices answers)
      : there_(server), here_(client), lmtp_(server.kind == sansmtp::service::lmtp), answers_(answers) {
    owing_ = sansmtp::act::greeting;
    reply();
  }

  bool over() const { return !here_.open() || !there_.open(); }

  // The client's application.
  void send(const sansmtp::command& given) {
    const std::size_t from = out_.written().size();
    if (!sends(here_, given, out_)) return;
    std::string_view line = out_.written().substr(from);
    sent_.push_back({what::line, std::string(line.substr(0, line.size() - 2))});
    if (std::holds_alternative<sansmtp::starttls>(given)) starttls_sent_ = true;
    if (const auto* chunk = std::get_if<sansmtp::bdat>(&given)) {
      const std::string_view octets = std::string_view("\r\n.\r\n").substr(0, static_cast<std::size_t>(chunk->size));
      const auto taken = here_.write(octets, out_);
      require(taken && *taken == octets.size(), "a chunk's octets belong to it");
      chunks_.push_back(std::string(octets));
    }
  }
  void write(std::string_view content) {
    const std::size_t room = out_.room();
    const auto taken = here_.write(content, out_);
    // A fault stands behind what was written of the content.
    if (taken)
      require(*taken == content.size() || room < 2 * content.size() + 8, "content is taken while there is room");
    if (here_.phase() != sansmtp::phase::data) return;
    spoilt_ = spoilt_ || !taken;
    if (taken) content_ += content.substr(0, *taken);
  }
  void finish() {
    if (here_.finish(out_)) {
      sent_.push_back({what::message, content_});
      content_.clear();
    }
  }
  void respond(bool cancel) {
    const std::size_t from = out_.written().size();
    if (!(cancel ? here_.cancel(out_) : here_.respond("x", out_))) return;
    one_line(out_.written().substr(from));
    sent_.push_back({what::line, std::string(out_.written().substr(from, out_.written().size() - from - 2))});
  }

  // The wire.
  void to_server(std::size_t octets) {
    flush();
    if (there_.phase() == sansmtp::phase::tls && ready_) return;  // what comes now comes through TLS
    at_server_ += to_server_.substr(0, octets);
    to_server_.erase(0, octets);
    serve();
  }
  void to_client(std::size_t octets) {
    at_client_ += to_client_.substr(0, octets);
    to_client_.erase(0, octets);
    listen();
  }
  // Somebody on the way adds octets where TLS is about to begin.
  void meddle(bool with_client) {
    flush();
    std::string& wire = with_client ? to_client_ : to_server_;
    const std::string_view mark = with_client ? "220 " : "STARTTLS\r\n";
    if (here_.tls() || !starttls_sent_ || wire.rfind(mark) == std::string::npos) return;
    wire += with_client ? "250 CLEAR\r\n" : "NOOP CLEAR\r\n";
    meddled_ = true;
  }

  // The server's application answers one thing, if anything is owed.
  void reply() {
    if (there_.owed() == 0) return;
    const std::size_t from = replies_.written().size();
    static constexpr sansmtp::reply_code codes[] = {250, 450, 550, 220, 235, 353, 354, 355, 251, 252, 503, 421};
    static constexpr std::string_view more[] = {"second", "5.5.5 third"};
    const std::size_t choice = answers_.below(3 + std::size(codes));
    // RSET is answered 250 and nothing else (RFC 5321 4.1.1.5).
    if (choice == 0 || owing_ == sansmtp::act::rset)
      (void)there_.answer(replies_);
    else if (choice == 1)
      (void)there_.challenge("who?", replies_);
    else if (choice == 2)
      (void)there_.answer({250, {}, "first", more}, replies_);
    else
      (void)there_.answer({codes[choice - 3], {}, "x"}, replies_);
    if (replies_.written().size() == from) require(there_.answer(replies_).has_value(), "what is owed can be answered");
    const std::string_view said = replies_.written().substr(from);
    const auto parsed = sansmtp::reply::parse(said, sansmtp::quirks::strict);
    require(parsed.has_value(), "an answer is one reply");
    answered_.push_back({owing_, std::string(said), parsed->code().closing(), index_of(*parsed)});
    to_client_ += said;
    replies_.clear();
  }

  // Everything that is under way arrives and is answered.
  void settle() {
    for (int turn = 0; turn < 1000; ++turn) {
      const std::size_t before = moves_;
      to_server(std::string::npos);
      while (there_.owed() != 0) {
        reply();
        ++moves_;
      }
      serve();
      to_client(std::string::npos);
      if (moves_ == before && to_server_.empty() && out_.empty() && to_client_.empty()) return agree();
      if (over()) return;
    }
    require(false, "the two come to rest");
  }

 private:
  enum class what { line, message };
  struct sent_piece {
    what kind;
    std::string text;
  };
  struct answered_piece {
    sansmtp::act to;
    std::string octets;
    bool closing;
    std::uint32_t index;  // as the client counts (session/client_event.hpp)
  };

  // Of a RCPT since its MAIL, of a message's reply among its replies; others are 0.
  std::uint32_t index_of(const sansmtp::reply& given) {
    const bool each = owing_ == sansmtp::act::message_end || owing_ == sansmtp::act::lmtp_last_chunk;
    const std::uint32_t index = owing_ == sansmtp::act::rcpt ? rcpts_++ : each ? verdicts_++ : 0;
    if (there_.owed() == 0 || given.code().intermediate()) verdicts_ = 0;
    if (owing_ == sansmtp::act::mail) rcpts_ = 0;
    return index;
  }

  void flush() {
    to_server_ += out_.written();
    out_.clear();
  }

  // Whenever nothing is under way, both stand in the same place.
  void agree() {
    if (over() || meddled_ || spoilt_) return;
    require(at_server_.empty() && at_client_.empty() && here_.awaited() == 0 && answered_.empty(), "nothing is left");
    require(here_.phase() == there_.phase(), "both stand in the same phase:", name_of(here_.phase()));
    require(here_.recipients() == there_.recipients(), "with the same recipients");
    require(here_.authenticated() == there_.authenticated() && here_.tls() == there_.tls(), "under the same terms");
  }

  // ---- the server's end

  void serve() {
    while (there_.open()) {
      const exact own(at_server_);
      const auto [used, event] = there_.receive(own.view());
      std::visit([&](const auto& e) { served(e); }, event);
      at_server_.erase(0, used);
      if (std::holds_alternative<sansmtp::need_more>(event) || std::holds_alternative<sansmtp::paused>(event) ||
          std::holds_alternative<sansmtp::start_tls>(event))
        return;
      ++moves_;
    }
  }

  // The next thing that was sent is this line.
  void expect(std::string_view line) {
    require(!there_.tls() || line.find("CLEAR") == line.npos, "nothing in the clear is heard inside of TLS");
    if (meddled_) return;
    drop_unanswered(line);
    require(!sent_.empty() && sent_.front().kind == what::line && sent_.front().text == line,
            "a line is heard as it was sent:", line);
    sent_.pop_front();
  }
  // In LMTP a message that nobody was to receive is over without a word (RFC 2033 4.3).
  void drop_unanswered(std::string_view next) {
    const auto silent = [&](const sent_piece& piece) {
      if (piece.kind == what::message) return piece.text.empty();
      return piece.text != next && piece.text.substr(0, 5) == "BDAT " && piece.text.find("LAST") != std::string::npos;
    };
    while (lmtp_ && !sent_.empty() && silent(sent_.front())) {
      if (sent_.front().kind == what::line) chunks_.pop_front();
      sent_.pop_front();
    }
  }
  void served(const sansmtp::need_more&) {}
  void served(const sansmtp::paused&) {}
  void served(const sansmtp::message_bytes& piece) { heard_ += piece.bytes; }
  void served(const sansmtp::message_end& end) { end_message(end.size, false); }
  void served(const sansmtp::chunk_end&) {
    owing_ = sansmtp::act::chunk;
    chunk_open_ = false;
  }
  void served(const sansmtp::auth_response& r) {
    owing_ = sansmtp::act::auth_response;
    expect(r.response.text());
  }
  void served(const sansmtp::start_tls&) { begin_tls(true); }
  void served(const sansmtp::closed& c) {
    require(meddled_ || !c.why, "the server is content with its client");
    if (c.why) require(c.why->code == sansmtp::errc::tls_residue || !there_.tls(), "residue closes");
  }
  void served(const sansmtp::refused& r) {
    owing_ = r.what;
    if (!r.line.empty()) return expect(r.line);
    if (r.what == sansmtp::act::message_end) return end_message(heard_.size(), true);
    // Of a chunk either its octets are refused, or already its BDAT was, which only now is told.
    if (std::exchange(chunk_open_, false) || meddled_) return;
    require(!sent_.empty() && sent_.front().kind == what::line && sent_.front().text.substr(0, 5) == "BDAT ",
            "a chunk was sent");
    sent_.pop_front();
    chunks_.pop_front();
  }
  template <class Command>
  void served(const Command& given) {
    const sansmtp::command c(given);
    owing_ = sansmtp::act_within(sansmtp::act_of(c), lmtp_, false);
    const auto put = encode(c, replies_);
    require(put.has_value(), "what was read can be written");
    const std::string line(replies_.written().substr(0, replies_.written().size() - 2));
    replies_.clear();
    expect(line);
    if constexpr (std::is_same_v<Command, sansmtp::bdat>) {
      if (!chunks_.empty()) {
        chunked_ += chunks_.front();
        chunks_.pop_front();
      }
      chunk_open_ = true;
    }
    if constexpr (std::is_same_v<Command, sansmtp::mail>) {
      heard_.clear();
      chunked_.clear();
    }
  }

  void end_message(std::uint64_t size, bool refused) {
    const std::string heard = std::exchange(heard_, {});
    if (std::exchange(chunk_open_, false)) {
      owing_ = lmtp_ ? sansmtp::act::lmtp_last_chunk : sansmtp::act::last_chunk;
      if (!meddled_) require(heard == chunked_, "a message by chunks is its chunks");
      chunked_.clear();
    } else {
      owing_ = sansmtp::act::message_end;
      if (meddled_) return;
      require(!sent_.empty() && sent_.front().kind == what::message, "a message ends where it was ended");
      require(refused ? sent_.front().text.substr(0, heard.size()) == heard : sent_.front().text == heard,
              "its content is what was written");
      sent_.pop_front();
    }
    require(size == heard.size(), "it is as large as it is");
  }

  // ---- the client's end

  void listen() {
    while (here_.open()) {
      const exact own(at_client_);
      const auto [used, event] = here_.receive(own.view());
      std::visit([&](const auto& e) { heard(e); }, event);
      at_client_.erase(0, used);
      if (std::holds_alternative<sansmtp::need_more>(event) || std::holds_alternative<sansmtp::start_tls>(event))
        return;
      ++moves_;
    }
  }

  answered_piece next_answer() {
    require(!answered_.empty(), "a reply is heard that was given");
    const answered_piece front = answered_.front();
    answered_.pop_front();
    return front;
  }
  void expect(const sansmtp::reply& r, const sansmtp::answer* as) {
    require(!here_.tls() || r.octets().find("CLEAR") == std::string_view::npos,
            "nothing in the clear is heard inside of TLS");
    if (meddled_) return;
    const answered_piece given = next_answer();
    require(given.octets == r.octets(), "a reply is heard as it was given:", r.octets());
    if (as == nullptr || given.closing) return;
    require(name_of(as->to) == name_of(given.to), "it answers what it was given for:", name_of(given.to));
    require(as->index == given.index, "and the very one of them");
  }
  void heard(const sansmtp::need_more&) {}
  void heard(const sansmtp::answer& a) { expect(a.reply, &a); }
  void heard(const sansmtp::send_message& s) {
    content_.clear();
    spoilt_ = false;
    expect(s.reply, nullptr);
  }
  void heard(const sansmtp::challenge& c) {
    if (!meddled_)
      require(next_answer().octets == "334 " + std::string(c.octets.text()) + "\r\n",
              "a challenge is heard as it was given");
  }
  void heard(const sansmtp::start_tls&) { begin_tls(false); }
  void heard(const sansmtp::closed& c) { require(meddled_ || !c.why, "the client is content with its server"); }

  // TLS begins when both say so.
  void begin_tls(bool server) {
    (server ? server_ready_ : client_ready_) = true;
    ready_ = server_ready_;
    if (!server_ready_ || !client_ready_ || !to_client_.empty() || !to_server_.empty()) return;
    require(there_.tls_started().has_value() && here_.tls_started().has_value(), "both begin TLS");
    require(!there_.authenticated() && !here_.authenticated() && here_.offered() == sansmtp::capabilities(),
            "all is forgotten");
    server_ready_ = client_ready_ = ready_ = false;
    ++moves_;
  }

  sansmtp::server there_;
  sansmtp::client here_;
  bool lmtp_;
  choices answers_;
  sansmtp::output_buffer<8192> out_, replies_;
  std::string to_server_, to_client_, at_server_, at_client_;

  std::deque<sent_piece> sent_;          // by the client, not yet heard
  std::deque<std::string> chunks_;       // the octets of the chunks among them
  std::deque<answered_piece> answered_;  // by the server, not yet heard
  sansmtp::act owing_ = sansmtp::act::greeting;
  std::string content_;                     // written since 354
  std::string heard_, chunked_;             // of the present message
  std::uint32_t rcpts_ = 0, verdicts_ = 0;  // replies to RCPT since that to MAIL, and to the message
  std::size_t moves_ = 0;
  bool spoilt_ = false, chunk_open_ = false;
  bool starttls_sent_ = false, meddled_ = false;
  bool server_ready_ = false, client_ready_ = false, ready_ = false;
};

}  // namespace properties

#endif

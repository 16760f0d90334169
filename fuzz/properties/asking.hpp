// asking: a client session with an application that wants one thing after the other, fed with what a
// server sends, and a log of all that was said and done, which must not depend on how that was cut.
//
// The wishes are octets: 'e' is EHLO, 'm' MAIL and so on (see wish()), ' ' waits for the next reply.
// What holds at every step is required here: a call that fails writes nothing and changes nothing,
// whatever is written is one line of just that command, an envelope exists in a transaction only,
// and while it waits it does not look back.

#ifndef SANSMTP_FUZZ_PROPERTIES_ASKING_HPP
#define SANSMTP_FUZZ_PROPERTIES_ASKING_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "properties/looking.hpp"
#include "properties/parsing.hpp"
#include "sansmtp/session/client.hpp"
#include "sansmtp/wire/parse_command.hpp"

namespace properties {

// The command that an octet stands for; none for those that are no command.
inline std::optional<sansmtp::command> command_wished(char wish) {
  using namespace sansmtp;
  const hello_name name = *hello_name::parse("c.example");
  const auto mail_with = [](std::string_view parameters) {
    return mail{*reverse_path::parse("<a@c.example>"), *mail_parameters::parse(parameters)};
  };
  switch (wish) {
    case 'e': return ehlo{name};
    case 'h': return helo{name};
    case 'l': return lhlo{name};
    case 'm': return mail_with("");
    case 'M': return mail_with("BODY=BINARYMIME SIZE=9");
    case 'p': return mail_with("PRDR");
    case 't': return mail_with("TRANSID=<a@b>");
    case 'u': return mail_with("SMTPUTF8");
    case '0': return mail{reverse_path::null(), {}};
    case 'r': return rcpt{*forward_path::parse("<b@s.example>"), {}};
    case 'R': return rcpt{*forward_path::parse("<b@s.example>"), *rcpt_parameters::parse("NOTIFY=NEVER")};
    case 'U': return rcpt{*forward_path::parse("<\xC3\xBC@s.example>"), {}};
    case 'd': return data{};
    case 'b': return bdat{5, false};
    case 'B': return bdat{5, true};
    case 'z': return bdat{0, true};
    case 'x': return rset{};
    case 'n': return noop{};
    case 'v': return vrfy{"a"};
    case 'V': return vrfy{"a", true};
    case 'X': return expn{"a"};
    case '?': return help{};
    case 's': return starttls{};
    case 'a': return auth{"PLAIN", base64_text::parse("AGEAYg==").value()};
    case 'A': return auth{"CRAM-MD5", {}};
    case 'E': return etrn{*etrn_node::parse("c.example")};
    case 'T': return atrn{};
    case 'k': return xclient{*xclient_attributes::parse("NAME=a")};
    case 'K': return xforward{*xforward_attributes::parse("NAME=a")};
    case 'L': return burl{*absolute_uri::parse("imap://u@h/m"), true};
    case 'o': return other{verb::turn, "TURN", {}};
    case 'q': return quit{};
    default: return std::nullopt;
  }
}

// What of a client can be seen from outside.
inline std::string seen_of(const sansmtp::client& c) {
  std::string out(name_of(c.phase()));
  for (const std::size_t n : {c.awaited(), std::size_t{c.recipients()}, std::size_t{c.tls()},
                              std::size_t{c.authenticated()}, static_cast<std::size_t>(c.patience().count())})
    out.append(" ").append(std::to_string(n));
  return out;
}

// Sends the command, or finds that it may not be sent. What was written is one line, of this command.
inline bool sends(sansmtp::client& session, const sansmtp::command& given, sansmtp::writer& out) {
  const std::string before = seen_of(session);
  const std::size_t from = out.written().size();
  if (const auto sent = session.send(given, out); !sent) {
    require(out.written().size() == from && seen_of(session) == before, "a call that fails changes nothing");
    return false;
  }
  const std::string_view line = out.written().substr(from);
  one_line(line);
  const auto read = sansmtp::parse_command(line.substr(0, line.size() - 2));
  require(read.has_value() && read->index() == given.index(), "what is sent is that command");
  return true;
}

class asking {
 public:
  // `clear`: the octets of the server that are in the clear; those behind them come through TLS.
  asking(const sansmtp::client_options& options, std::string_view wishes, std::size_t clear)
      : session_(options), wishes_(wishes), tls_(options.tls), clear_(clear) {
    if (options.start != sansmtp::phase::connect) want();
    feed({});
  }

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
      const exact own(pending_);
      const sansmtp::client before = session_;
      const auto step = session_.receive(own.view());
      require(step.used <= pending_.size(), "no more is used than there is");
      if (std::holds_alternative<sansmtp::need_more>(step.event)) {
        require(step.used == 0, "a reply is not taken in part");
        waits(before, seen);
        break;
      }
      require(step.used != 0 || std::holds_alternative<sansmtp::start_tls>(step.event) ||
                  std::holds_alternative<sansmtp::closed>(step.event),
              "an event takes its octets");
      std::visit([&](const auto& event) { on(event); }, step.event);
      pending_.erase(0, step.used);
      seen = 0;
      check();
    }
  }

  template <std::size_t N>
  void feed(sansmtp::input_buffer<N>& in, std::string_view octets) {
    while (!over_) {
      const auto event = session_.receive(in);
      if (!std::holds_alternative<sansmtp::need_more>(event)) {
        std::visit([&](const auto& e) { on(e); }, event);
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

  std::string_view inside_tls() const { return std::string_view(log_).substr(tls_began_); }
  std::string_view wishes_inside_tls() const { return wishes_.substr(wishes_before_tls_); }
  bool tls_started() const { return tls_began_ != 0; }
  bool sent_mail() const { return mails_; }

 private:
  void waits(sansmtp::client before, std::size_t seen) {
    const std::string_view fresh = std::string_view(pending_).substr(seen);
    const std::size_t line = seen == 0 ? std::string::npos : pending_.rfind('\n', seen - 1);
    const std::size_t from = fresh.find('\n') == fresh.npos ? seen : line == std::string::npos ? 0 : line + 1;
    const half_blind spoilt(pending_, from, 4);
    const auto step = before.receive(spoilt.view());
    require(step.used == 0 && std::holds_alternative<sansmtp::need_more>(step.event),
            "while it waits it does not look back");
  }

  void check() const {
    const bool in_transaction = sansmtp::transaction.has(session_.phase());
    require(in_transaction || !session_.open() || session_.recipients() == 0, "an envelope exists in a transaction");
    require(session_.tls() == tls_, "TLS begins when it is said to");
  }

  void say(std::string_view what, std::string_view detail = {}) {
    log_.append(what).append(" ").append(detail).append("\n");
  }

  // Wishes come true, or can't, up to one that waits.
  void want() {
    for (; !wishes_left().empty() && session_.open(); ++wished_) {
      const char wish = wishes_left().front();
      if (wish == ' ') {
        ++wished_;
        break;
      }
      if (wish == 'm' || wish == 'M' || wish == 'p' || wish == 't' || wish == 'u' || wish == '0') mails_ = true;
      if (const auto given = command_wished(wish))
        (void)sends(session_, *given, out_);
      else
        act_on(wish);
      // A chunk's octets belong to it, and nothing may come between.
      if (const auto given = command_wished(wish); given && std::holds_alternative<sansmtp::bdat>(*given))
        (void)session_.write("\r\n.\r\n", out_);
    }
    say("sent", out_.written());
    out_.clear();
  }
  void act_on(char wish) {
    const std::string before = seen_of(session_);
    const std::size_t from = out_.written().size();
    const auto done = [&]() -> sansmtp::result<void> {
      switch (wish) {
        case 'w':
          if (const auto taken = session_.write(".dot\r\nline\r\n", out_); !taken) return taken.error();
          return {};
        case 'W':
          if (const auto taken = session_.write("half a line\r", out_); !taken) return taken.error();
          return {};
        case '.': return session_.finish(out_);
        case 'c': return session_.respond("response", out_);
        case '*': return session_.cancel(out_);
        default: return sansmtp::errc::argument_malformed;
      }
    }();
    if (!done)
      require(out_.written().size() == from && seen_of(session_) == before, "a call that fails changes nothing");
  }
  std::string_view wishes_left() const { return wishes_.substr(wished_); }

  void on(const sansmtp::need_more&) {}
  void on(const sansmtp::answer& a) {
    say(name_of(a.to), a.reply.octets());
    say(std::to_string(a.index), std::to_string(a.reply.code().value));
    want();
  }
  void on(const sansmtp::challenge& c) {
    require(session_.phase() == sansmtp::phase::auth, "a challenge belongs to AUTH");
    say("challenge", c.octets.text());
    want();
  }
  void on(const sansmtp::send_message& s) {
    require(session_.phase() == sansmtp::phase::data, "a message belongs to DATA");
    say("message", s.reply.octets());
    want();
  }
  void on(const sansmtp::start_tls&) {
    require(!tls_, "TLS is started once");
    if (arrived_ != clear_ || !session_.tls_started()) return fail_tls();
    say("tls");
    tls_ = true;
    tls_began_ = log_.size();
    wishes_before_tls_ = wished_;
    require(session_.phase() == sansmtp::phase::greeted && !session_.authenticated() &&
                session_.offered() == sansmtp::capabilities(),
            "all is forgotten");
    want();
  }
  void on(const sansmtp::closed& c) {
    if (c.why && c.why->code == sansmtp::errc::tls_residue) return fail_tls();
    say("closed", c.why ? std::to_string(static_cast<int>(c.why->code)) + " at " + std::to_string(c.why->at) : "");
    over_ = true;
  }
  void fail_tls() {
    say("no tls");
    over_ = true;
    (void)session_.end_of_input();
  }

  sansmtp::client session_;
  std::string_view wishes_;
  bool tls_;
  std::size_t clear_, arrived_ = 0;
  sansmtp::output_buffer<4096> out_;
  std::string pending_;
  std::string log_;
  std::size_t wished_ = 0, wishes_before_tls_ = 0;
  std::size_t tls_began_ = 0;
  bool mails_ = false;
  bool over_ = false;
};

}  // namespace properties

#endif

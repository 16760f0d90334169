// Any octets as the parameters of MAIL and of RCPT: a list that can be walked, and values that mean
// the same when they are taken out and written again.

#include <optional>
#include <string>
#include <tuple>

#include "properties/parsing.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"

using properties::require;
using sansmtp::quirks;

namespace {

std::string rebuilt(const sansmtp::parameters& list) {
  std::string out;
  for (const sansmtp::parameter& p : list) {
    if (!out.empty()) out += ' ';
    out.append(p.keyword);
    if (p.value) out.append("=").append(*p.value);
  }
  return out;
}

void walks(const sansmtp::parameters& list, std::string_view text) {
  std::size_t count = 0;
  for (const sansmtp::parameter& p : list) {
    ++count;
    require(text.substr(p.at, p.keyword.size()) == p.keyword, "a keyword stands at its place");
    require(!p.value || text.substr(p.value_at(), p.value->size()) == *p.value, "and so does a value");
    const auto found = list.find(p.keyword);
    require(found && found->at == p.at, "no keyword stands twice");
  }
  require(count == list.size() && (count == 0) == list.empty(), "as many as it says");
  require(count <= sansmtp::limits::esmtp_parameters, "and no more than the limit");
  const std::string normal = rebuilt(list);
  const auto again = sansmtp::parameters::parse(normal, quirks::all);
  require(again && rebuilt(*again) == normal && again->is_ascii() == list.is_ascii(), "the list is parsed again");
  if (normal.find(' ') == normal.npos && text.find(' ') == text.npos) require(normal == text, "one alone is itself");
}

// An xtext decoded, as long as the room lives.
std::optional<std::string_view> raw(const std::optional<sansmtp::xtext>& text, std::string& room) {
  if (!text) return std::nullopt;
  room.resize(text->decoded_size());
  sansmtp::writer out{room};
  require(text->decode(out).has_value(), "an xtext is decoded");
  return out.written();
}

template <class Value, class Room>
std::optional<sansmtp::mailbox> mailbox_in(const Value& value, Room& room) {
  if (!value) return std::nullopt;
  const auto who = value->mailbox(room);
  require(who.has_value(), "an address that was parsed is a mailbox");
  return *who;
}

// Everything typed. Texts are compared by what they stand for.
struct mail_meaning {
  explicit mail_meaning(const sansmtp::mail_parameters& of) {
    fields.size = of.size();
    fields.body = of.body();
    fields.smtputf8 = of.smtputf8();
    fields.ret = of.ret();
    fields.envid = raw(of.envid(), envid_room);
    if (const auto who = of.auth()) {
      fields.auth = "<>";
      if (!who->is_null()) fields.auth = mailbox_in(who, auth_room)->text();
    }
    fields.by = of.by();
    fields.holdfor = of.holdfor();
    fields.holduntil = of.holduntil();
    fields.mt_priority = of.mt_priority();
    fields.mtrk = of.mtrk();
    fields.transid = of.transid();
    fields.solicit = of.solicit();
    fields.submitter = mailbox_in(of.submitter(), submitter_room);
    fields.alt_address = mailbox_in(of.alt_address(), alt_room);
    fields.requiretls = of.requiretls();
    fields.conperm = of.conperm();
    fields.xverp = of.xverp();
    fields.prdr = of.prdr();
    fields.xoorg = of.xoorg();
  }
  mail_meaning(const mail_meaning&) = delete;

  bool operator==(const mail_meaning& other) const {
    const auto all = [](const sansmtp::mail_fields& f) {
      return std::tie(f.size, f.body, f.smtputf8, f.ret, f.envid, f.auth, f.by, f.holdfor, f.holduntil, f.mt_priority,
                      f.mtrk, f.transid, f.submitter, f.alt_address, f.requiretls, f.conperm, f.xverp, f.prdr, f.xoorg);
    };
    return all(fields) == all(other.fields) && fields.solicit.text() == other.fields.solicit.text();
  }

  sansmtp::mail_fields fields;

 private:
  std::string envid_room;
  sansmtp::output_buffer<512> auth_room, submitter_room, alt_room;
};

void is_mail(const sansmtp::mail_parameters& given) {
  const mail_meaning meaning(given);
  char room[8192];
  sansmtp::writer out{room};
  const auto composed = compose(meaning.fields, out);
  if (!composed) {
    // What some leniency took is not written; and BY with a HOLDFOR as long is refused when written.
    require(out.empty(), "what cannot be composed writes nothing");
    return;
  }
  require(composed->raw().text() == out.written(), "what is composed is what was written");
  require(mail_meaning(*composed) == meaning, "what is composed means what it was composed of");
}

void is_rcpt(const sansmtp::rcpt_parameters& given) {
  sansmtp::rcpt_fields fields;
  fields.notify = given.notify();
  fields.rrvs = given.rrvs();
  sansmtp::output_buffer<512> alt_room;
  fields.alt_address = mailbox_in(given.alt_address(), alt_room);
  fields.conneg = given.conneg();
  fields.ignorequota = given.ignorequota();
  char orcpt_room[2048];
  sansmtp::writer orcpt{orcpt_room};
  if (const auto first = given.orcpt()) {
    require(first->decode(orcpt).has_value(), "an ORCPT is decoded");
    fields.orcpt_type = first->type();
    fields.orcpt = orcpt.written();
    fields.smtputf8 = !first->is_ascii();
  }
  char room[8192];
  sansmtp::writer out{room};
  const auto composed = compose(fields, out);
  if (!composed) return require(out.empty(), "what cannot be composed writes nothing");
  require(composed->notify() == fields.notify && composed->rrvs() == fields.rrvs, "what is composed means the same");
  require(composed->conneg() == fields.conneg && composed->ignorequota() == fields.ignorequota, "flags as well");
  const auto second = composed->orcpt();
  require(second.has_value() == fields.orcpt.has_value(), "and the first recipient");
  if (!second) return;
  char again_room[2048];
  sansmtp::writer again{again_room};
  require(second->decode(again).has_value() && again.written() == orcpt.written(), "by the same octets");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const properties::exact own(properties::text_of(data, size));
  const std::string_view text = own.view();
  const auto list = [](std::string_view t, quirks q) { return sansmtp::parameters::parse(t, q); };
  properties::under_every_leniency(text, list, [&](const sansmtp::parameters& p, quirks) { walks(p, text); });
  const auto mail = [](std::string_view t, quirks q) { return sansmtp::mail_parameters::parse(t, q); };
  properties::under_every_leniency(text, mail, [](const sansmtp::mail_parameters& p, quirks) { is_mail(p); });
  const auto rcpt = [](std::string_view t, quirks q) { return sansmtp::rcpt_parameters::parse(t, q); };
  properties::under_every_leniency(text, rcpt, [](const sansmtp::rcpt_parameters& p, quirks) { is_rcpt(p); });
  return 0;
}

#include "ops/load/corpus.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/unit/load/load_world.h"

namespace tvan::load {
namespace {

namespace fs = std::filesystem;

class CorpusTest : public testing::Test {
 protected:
  CorpusMade Make(size_t count) { return world_.Make(count); }
  std::unique_ptr<Corpus> Open() { return world_.Open(); }
  std::string sandbox() const { return world_.folder(); }
  // Whether the seller's signature verifies, with the sandbox's CA trusted.
  bool Verifies(std::string_view bytes) {
    TrustOptions trust;
    trust.trust_files = {sandbox() + "/pki/sellers-ca.pem"};
    const auto verifier = MakeSignatureVerifier(trust, *clock_);
    const auto document = MakeXmlParser(XmlLimits())->Parse(std::string(bytes));
    if (!verifier.ok() || !document.ok()) return false;
    const XmlNode invoice = (*document)->root().Descend({"DLieu", "HDon"});
    SignatureDemand demand;
    demand.role = "NBan";
    demand.signature = invoice.Descend({"DSCKS", "NBan"}).Child("Signature", "http://www.w3.org/2000/09/xmldsig#");
    demand.must_cover = {invoice.Child("DLHDon")};
    const auto check = (*verifier)->Verify(**document, {demand}, clock_->Now());
    return check.reports.size() == 1 && check.reports[0].valid;
  }

  LoadSandbox world_;
  const CorpusSpec spec_ = world_.spec();
  const std::string folder_ = world_.corpus_folder();
  Clock* const clock_ = &world_.clock();
};

TEST_F(CorpusTest, HoldsDistinctMessagesOfTheSizeWithTheirDigestsSignedBySeveralSellers) {
  EXPECT_EQ(Make(7).made, 7u);
  const auto corpus = Open();
  ASSERT_EQ(corpus->size(), 7u);
  EXPECT_EQ(corpus->sellers(), (std::vector<std::string>{"0700000001", "0700000002", "0700000003"}));
  std::set<std::string> ids, invoices;
  for (size_t i = 0; i < corpus->size(); ++i) {
    const CorpusMessage message = corpus->At(i);
    EXPECT_NEAR(static_cast<double>(message.bytes.size()), 8192, 256);
    EXPECT_EQ(message.sha256, MakeDigester()->Sha256Of(message.bytes));
    const auto document = *MakeXmlParser(XmlLimits())->Parse(std::string(message.bytes));
    EXPECT_EQ(document->root().Descend({"TTChung", "MTDiep"}).Text(), message.mtdiep);
    const XmlNode invoice = document->root().Descend({"DLieu", "HDon", "DLHDon"});
    ids.insert(std::string(message.mtdiep));
    invoices.insert(invoice.Descend({"NDHDon", "NBan", "MST"}).Text() + ";" +
                    invoice.Descend({"TTChung", "SHDon"}).Text());
    EXPECT_TRUE(Verifies(message.bytes)) << i;
  }
  EXPECT_EQ(ids.size(), 7u);
  EXPECT_EQ(invoices.size(), 7u);
  std::string forged(corpus->At(0).bytes);
  forged.replace(forged.find("<ThTien>1"), 9, "<ThTien>9");
  EXPECT_FALSE(Verifies(forged)) << "the check above would see a bad signature";
}

TEST_F(CorpusTest, GrowsAtItsEndAndIsNotMadeTwice) {
  Make(4);
  const std::string first(Open()->At(3).bytes);
  const CorpusMade again = Make(3);
  EXPECT_EQ(again.found, 4u);
  EXPECT_EQ(again.made, 0u);
  const CorpusMade grown = Make(9);
  EXPECT_EQ(grown.found, 4u);
  EXPECT_EQ(grown.made, 5u);
  const auto corpus = Open();
  EXPECT_EQ(corpus->size(), 9u);
  EXPECT_EQ(corpus->At(3).bytes, first);
  EXPECT_TRUE(Verifies(corpus->At(8).bytes));
}

TEST_F(CorpusTest, WhatWasCutOffByAKillIsMadeAgain) {
  Make(5);
  const std::string fourth(Open()->At(3).mtdiep);
  fs::resize_file(Corpus::DataFile(folder_), fs::file_size(Corpus::DataFile(folder_)) - 9000);  // into the fourth
  std::ofstream(Corpus::IndexFile(folder_), std::ios::app) << "half an entry";
  EXPECT_EQ(Open()->size(), 3u);
  EXPECT_EQ(Make(5).made, 2u);
  const auto corpus = Open();
  ASSERT_EQ(corpus->size(), 5u);
  EXPECT_EQ(corpus->At(3).mtdiep, fourth);
  EXPECT_TRUE(Verifies(corpus->At(3).bytes));
}

TEST_F(CorpusTest, AFolderBelongsToItsParametersAndItsSandbox) {
  const std::string root = sandbox() + "/corpus";
  CorpusSpec other = spec_;
  EXPECT_EQ(*CorpusFolder(root, other), folder_);
  other.bytes = 4096;
  EXPECT_NE(*CorpusFolder(root, other), folder_);
  other = spec_;
  other.provider_mst = "0100000022";
  EXPECT_NE(*CorpusFolder(root, other), folder_);
  std::ofstream(sandbox() + "/pki/sellers-ca.pem", std::ios::app) << "\n";
  EXPECT_NE(*CorpusFolder(root, spec_), folder_);
}

TEST_F(CorpusTest, SaysWhatIsMissing) {
  EXPECT_EQ(Corpus::Open(folder_).status().reason(), "load.corpus"_reason);
  fs::remove(sandbox() + "/pki/sellers-ca.key");
  EXPECT_EQ(MakeCorpus(folder_, spec_, {1, 1, {}}, *clock_).status().reason(), "ctl.file"_reason);
}

}  // namespace
}  // namespace tvan::load

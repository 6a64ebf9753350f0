#include "store/rocksdb/witness.h"

#include <fstream>

#include "store/keys.h"

namespace tvan {

Result<std::unique_ptr<Witness>> Witness::Open(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::WritableFile> made;
  rocksdb::Status status = env.FileExists(path);
  if (status.IsNotFound()) status = env.NewWritableFile(path, &made, rocksdb::EnvOptions());
  if (made != nullptr) made->Close().PermitUncheckedError();
  std::unique_ptr<rocksdb::RandomRWFile> file;
  if (status.ok()) status = env.NewRandomRWFile(path, &file, rocksdb::EnvOptions());
  if (status.ok()) return std::unique_ptr<Witness>(new Witness(std::move(file)));
  return Status::Permanent("store.unwritable"_reason, path + ": " + status.ToString());
}

std::optional<uint64_t> Witness::Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(16, '\0');
  if (!file.read(bytes.data(), 16)) return std::nullopt;
  const uint64_t sequence = *ReadU64(std::string_view(bytes).substr(0, 8));
  if (*ReadU64(std::string_view(bytes).substr(8)) != ~sequence) return std::nullopt;
  return sequence;
}

void Witness::Confirm(uint64_t sequence) {
  const std::string bytes = U64(sequence) + U64(~sequence);
  file_->Write(0, bytes).PermitUncheckedError();
}

void Witness::Sync() { file_->Sync().PermitUncheckedError(); }

}  // namespace tvan

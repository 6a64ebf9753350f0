# The provider-facing part: gRPC's callback API over mailboxes. The receiver's part (tvan_feedback) links no gRPC.
if(NOT TVAN_ROOMS_ONLY)
  tvan_room(tvan_feedback_grpc
    SOURCES
      feedback_service.cc
      feedback_service_failure.cc
      feedback_service_items.cc
      feedback_service_pages.cc
      feedback_service_stream.cc
    LINKS tvan_core tvan_store tvan_validate tvan_proto)
  target_precompile_headers(tvan_feedback_grpc REUSE_FROM tvan_proto)
endif()

// Signs messages with javax.xml.crypto, as sellers' and authority's Java programs do, in the shapes seen in practice.
// usage: java [-Dcom.sun.org.apache.xml.internal.security.ignoreLineBreaks=true] ForeignSigner.java MESSAGES KEYS OUT CASE...
//   MESSAGES  folder of unsigned messages; KEYS  folder of NAME.p12 (password "throwaway"); OUT  where CASE.xml goes
// Without the property base64 is broken into lines that end in CR LF, so that "&#13;" stands in the output.
// What it signs it verifies again from the bytes written, except where the shape itself is no conforming one.

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.X509Certificate;
import java.util.*;
import javax.xml.crypto.*;
import javax.xml.crypto.dom.*;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.*;
import javax.xml.crypto.dsig.keyinfo.*;
import javax.xml.crypto.dsig.spec.*;
import javax.xml.parsers.*;
import javax.xml.transform.*;
import javax.xml.transform.dom.*;
import javax.xml.transform.stream.*;
import org.w3c.dom.*;

public class ForeignSigner {
  static final String C14N = CanonicalizationMethod.INCLUSIVE;
  static final String COMMENTS = CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS;
  static final String EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE;
  static final String ENVELOPED = Transform.ENVELOPED;
  static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";
  static final String RSA_SHA256 = MORE + "rsa-sha256";
  static final String MADE_HEX = "0f8e7d6c5b4a39281706f5e4d3c2b1a0";

  // One Signature of one file. What is not said is what most sellers do.
  static class Case {
    String message = "203", key = "seller-rsa", place = "NBan", signatureId = null;
    Map<String, String> edits = new LinkedHashMap<>();  // of the message's text, before anything is signed
    List<String> data = List.of("data");
    List<String> dataTransforms = List.of(ENVELOPED), objectTransforms = List.of();
    String form = C14N, method = RSA_SHA256, digest = DigestMethod.SHA256;
    String objectId = "SigningTime-" + MADE_HEX, target = "signatureProperties";
    boolean bareProperties = false, keyValue = false, issuerSerial = false, digestsThePlainObject = false;
    String subjectName = null;
    Case then = null;  // a second signature of the same document

    Case edit(String from, String to) {
      edits.put(from, to);
      return this;
    }
    Case id(String id) {
      data = List.of(id);
      return edit("Id=\"data-1\"", "Id=\"" + id + "\"");
    }
  }

  static Map<String, Case> cases() {
    Map<String, Case> all = new LinkedHashMap<>();
    Case c = new Case().id("data");
    c.keyValue = true;
    all.put("java-203-enveloped", c);

    c = new Case().id("SigningData").edit("Hàng Mẫu</Ten>", "Hàng <!-- comments are not signed -->Mẫu</Ten>");
    c.form = COMMENTS;
    c.dataTransforms = List.of(ENVELOPED, COMMENTS);
    c.objectTransforms = List.of(COMMENTS);
    c.objectId = "TimeStamp";
    c.target = "#NBan";
    all.put("java-203-with-comments", c);

    c = new Case().id("TS24_0101234567_1");
    c.dataTransforms = List.of(ENVELOPED, C14N);
    c.objectTransforms = List.of(C14N);
    c.objectId = "Object-NBan-TS24_0101234567_1";
    c.target = "";
    c.bareProperties = true;
    c.subjectName = "CN=Công ty TNHH Bán Hàng Mẫu, OID.0.9.2342.19200300.100.1.1=MST:0101234567, S=Hà Nội, C=VN";
    all.put("java-203-c14n-transform", c);

    c = new Case().id("Id-" + MADE_HEX).edit("<TDiep>",
        "<TDiep xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">");
    c.form = EXCLUSIVE;
    c.dataTransforms = List.of(ENVELOPED, EXCLUSIVE);
    c.objectTransforms = List.of(EXCLUSIVE);
    c.issuerSerial = true;
    all.put("java-203-exclusive", c);

    c = new Case().id("data123");
    c.signatureId = "Tct-5d0c7a4e-9b1f-4c63-8a2d-7e6f50413223";
    c.dataTransforms = List.of();
    c.subjectName = "C=VN, S=Hà Nội, CN=Công ty TNHH Bán Hàng Mẫu";
    all.put("java-203-no-transforms", c);

    c = new Case().id("data");
    c.key = "seller-p256";
    c.method = MORE + "ecdsa-sha256";
    c.bareProperties = true;
    c.keyValue = true;
    all.put("java-203-ecdsa", c);

    c = new Case().id("data");
    c.key = "seller-p384";
    c.method = MORE + "ecdsa-sha384";
    c.digest = MORE + "sha384";
    all.put("java-203-ecdsa-p384", c);

    c = new Case().id("data");
    c.method = MORE + "rsa-sha512";
    c.digest = DigestMethod.SHA512;
    all.put("java-203-sha512", c);

    c = new Case();
    c.message = "206";
    c.place = "CKSNNT";
    c.data = List.of("SigningData");
    all.put("java-206-data", c);

    c = new Case().edit("<HDon><DLHDon Id=\"data-1\"", "<HDon Id=\"item-1\"><DLHDon Id=\"data-1\"")
            .edit("<HDon><DLHDon Id=\"data-2\"", "<HDon Id=\"item-2\"><DLHDon Id=\"data-2\"");
    c.message = "206";
    c.place = "CKSNNT";
    c.data = List.of("item-1", "item-2");
    all.put("java-206-items", c);

    c = new Case();
    c.message = "300";
    c.place = "NNT";
    c.target = "#NNT";
    all.put("java-300", c);

    c = new Case().id("data");
    c.key = "seller-1024";
    c.method = SignatureMethod.RSA_SHA1;
    c.digest = DigestMethod.SHA1;
    all.put("java-203-legacy", c);

    c = new Case().id("data");
    c.objectTransforms = List.of(ENVELOPED);
    c.digestsThePlainObject = true;
    all.put("java-203-enveloped-on-object", c);

    c = new Case().edit("<HDon>", "<HDon xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    c.message = "hdon";
    c.data = List.of("");
    all.put("java-hdon-whole-document", c);

    c = new Case().id("data").edit("<DSCKS>", "<MCCQT Id=\"code\">M1-26-A4567-00000000001</MCCQT><DSCKS>")
            .edit("</NBan></DSCKS>", "</NBan><CQT></CQT></DSCKS>");
    c.message = "hdon";
    c.then = new Case();
    c.then.key = "authority";
    c.then.place = "CQT";
    c.then.signatureId = "Tct-1e2d3c4b-5a69-4788-9a0b-c1d2e3f40516";
    c.then.data = List.of("data", "code");
    c.then.dataTransforms = List.of();
    c.then.objectId = "SigningTime-ffeeddccbbaa99887766554433221100";
    c.then.subjectName = "CN=CƠ QUAN THUẾ MẪU, S=Hà Nội, C=VN";
    all.put("java-hdon-authority", c);
    return all;
  }

  final XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
  final Path messages, keys;

  ForeignSigner(Path messages, Path keys) {
    this.messages = messages;
    this.keys = keys;
  }

  public static void main(String[] arguments) throws Exception {
    ForeignSigner signer = new ForeignSigner(Path.of(arguments[0]), Path.of(arguments[1]));
    for (String name : List.of(arguments).subList(3, arguments.length)) {
      byte[] made = signer.make(cases().get(name));
      Files.write(Path.of(arguments[2], name + ".xml"), made);
    }
  }

  byte[] make(Case one) throws Exception {
    Document document = parse(text(one).getBytes(StandardCharsets.UTF_8));
    for (Case c = one; c != null; c = c.then) sign(document, c);
    byte[] bytes = write(document);
    if (!one.digestsThePlainObject) verify(bytes);
    return bytes;
  }

  // "hdon": the invoice of the 203 alone.
  String text(Case one) throws IOException {
    boolean bare = one.message.equals("hdon");
    String text = Files.readString(messages.resolve((bare ? "203" : one.message) + ".xml"));
    if (bare) text = text.substring(text.indexOf("<HDon>"), text.indexOf("</DLieu>"));
    for (Map.Entry<String, String> edit : one.edits.entrySet()) {
      if (!text.contains(edit.getKey())) throw new IOException("nothing to replace: " + edit.getKey());
      text = text.replaceFirst(java.util.regex.Pattern.quote(edit.getKey()), edit.getValue());
    }
    return text;
  }

  void sign(Document document, Case one) throws Exception {
    Element place = lastOf(document, one.place);
    byte[] objectDigest = null;
    if (one.digestsThePlainObject) {
      List<String> transforms = one.objectTransforms;
      one.objectTransforms = List.of();
      signInto(document, place, one, null);
      one.objectTransforms = transforms;
      NodeList values = document.getElementsByTagNameNS(XMLSignature.XMLNS, "DigestValue");
      objectDigest = Base64.getMimeDecoder().decode(values.item(values.getLength() - 1).getTextContent());
      place.removeChild(place.getLastChild());
    }
    signInto(document, place, one, objectDigest);
  }

  void signInto(Document document, Element place, Case one, byte[] objectDigest) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    char[] password = "throwaway".toCharArray();
    try (InputStream in = Files.newInputStream(keys.resolve(one.key + ".p12"))) {
      store.load(in, password);
    }
    PrivateKey key = (PrivateKey) store.getKey(store.aliases().nextElement(), password);
    X509Certificate certificate = (X509Certificate) store.getCertificate(store.aliases().nextElement());

    List<Reference> references = new ArrayList<>();
    for (String id : one.data) references.add(reference(one, id.isEmpty() ? "" : "#" + id, one.dataTransforms, null));
    references.add(reference(one, "#" + one.objectId, one.objectTransforms, objectDigest));
    SignedInfo info = factory.newSignedInfo(factory.newCanonicalizationMethod(one.form, (C14NMethodParameterSpec) null),
        factory.newSignatureMethod(one.method, null), references);
    XMLObject object = factory.newXMLObject(List.of(new DOMStructure(properties(document, one))), one.objectId, null, null);
    DOMSignContext context = new DOMSignContext(key, place);
    NodeList everything = document.getElementsByTagName("*");
    for (int i = 0; i < everything.getLength(); ++i) {
      Element element = (Element) everything.item(i);
      if (element.hasAttribute("Id")) context.setIdAttributeNS(element, null, "Id");
    }
    factory.newXMLSignature(info, keyInfo(one, certificate), List.of(object), one.signatureId, null).sign(context);
  }

  Reference reference(Case one, String uri, List<String> transforms, byte[] digest) throws Exception {
    List<Transform> all = new ArrayList<>();
    for (String algorithm : transforms) all.add(factory.newTransform(algorithm, (TransformParameterSpec) null));
    DigestMethod method = factory.newDigestMethod(one.digest, null);
    return digest == null ? factory.newReference(uri, method, all, null, null)
                          : factory.newReference(uri, method, all, null, null, digest);
  }

  KeyInfo keyInfo(Case one, X509Certificate certificate) throws Exception {
    KeyInfoFactory infos = factory.getKeyInfoFactory();
    List<Object> described = new ArrayList<>();
    if (one.subjectName != null) described.add(one.subjectName);
    if (one.issuerSerial) {
      described.add(infos.newX509IssuerSerial(certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber()));
    }
    described.add(certificate);
    List<XMLStructure> content = new ArrayList<>();
    if (one.keyValue) content.add(infos.newKeyValue(certificate.getPublicKey()));
    content.add(infos.newX509Data(described));
    return infos.newKeyInfo(content);
  }

  // SignatureProperties in the namespace of XML Signature, or with xmlns="".
  Element properties(Document document, Case one) {
    String space = one.bareProperties ? null : XMLSignature.XMLNS;
    Element properties = document.createElementNS(space, "SignatureProperties");
    if (one.bareProperties) properties.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns", "");
    Element property = document.createElementNS(space, "SignatureProperty");
    property.setAttribute("Target", one.target);
    Element time = document.createElementNS(space, "SigningTime");
    time.setTextContent("2026-11-20T09:30:00");
    property.appendChild(time);
    properties.appendChild(property);
    return properties;
  }

  // The last element of that name: NBan stands in NDHDon too.
  static Element lastOf(Document document, String name) {
    NodeList found = document.getElementsByTagNameNS(null, name);
    return (Element) found.item(found.getLength() - 1);
  }

  static Document parse(byte[] bytes) throws Exception {
    DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
    builders.setNamespaceAware(true);
    return builders.newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
  }

  static byte[] write(Document document) throws Exception {
    Transformer writer = TransformerFactory.newInstance().newTransformer();
    writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>".getBytes(StandardCharsets.UTF_8));
    writer.transform(new DOMSource(document), new StreamResult(out));
    return out.toByteArray();
  }

  void verify(byte[] bytes) throws Exception {
    Document document = parse(bytes);
    NodeList signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
    for (int i = 0; i < signatures.getLength(); ++i) {
      Element signature = (Element) signatures.item(i);
      String base64 = signature.getElementsByTagNameNS(XMLSignature.XMLNS, "X509Certificate").item(0).getTextContent();
      var certificate = java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(
          new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
      DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signature);
      context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.FALSE);
      NodeList everything = document.getElementsByTagName("*");
      for (int k = 0; k < everything.getLength(); ++k) {
        Element element = (Element) everything.item(k);
        if (element.hasAttribute("Id")) context.setIdAttributeNS(element, null, "Id");
      }
      if (!factory.unmarshalXMLSignature(context).validate(context)) throw new SignatureException("does not verify again");
    }
  }
}

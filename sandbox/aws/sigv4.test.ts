import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { isSignedBy, readClaim, sha256, unsignedPayload } from './sigv4.ts';

// The requests, secrets and signatures are the worked examples of AWS's own documentation.
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const s3Secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

function request(method: string, url: string, headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  message.url = url;
  message.headers = headers;
  message.rawHeaders = Object.entries(headers).flat();
  return message;
}

function verify(message: IncomingMessage, secretAccessKey: string, payloadHash: string): boolean {
  const claim = readClaim(message);
  if (!claim) throw new Error('no claim');
  return isSignedBy(message, claim, secretAccessKey, payloadHash);
}

const listUsers = () => ({
  'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  host: 'iam.amazonaws.com',
  'x-amz-date': '20150830T123600Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
});

test("AWS's example of a header signature is accepted, and refused once a single thing differs", () => {
  const url = '/?Action=ListUsers&Version=2010-05-08';
  expect(verify(request('GET', url, listUsers()), secret, sha256(''))).toBe(true);
  expect(verify(request('POST', url, listUsers()), secret, sha256(''))).toBe(false);
  expect(verify(request('GET', `${url}&MaxItems=1`, listUsers()), secret, sha256(''))).toBe(false);
  expect(verify(request('GET', url, { ...listUsers(), host: 'iam.example.com' }), secret, sha256(''))).toBe(false);
  expect(verify(request('GET', url, listUsers()), secret, sha256('x'))).toBe(false);
  expect(verify(request('GET', url, listUsers()), s3Secret, sha256(''))).toBe(false);
});

test("the order of query parameters doesn't matter to a signature", () => {
  expect(verify(request('GET', '/?Version=2010-05-08&Action=ListUsers', listUsers()), secret, sha256(''))).toBe(true);
});

test("AWS's example of a presigned S3 address is accepted, and refused for another key", () => {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const headers = { host: 'examplebucket.s3.amazonaws.com' };
  expect(verify(request('GET', `/test.txt?${query}`, headers), s3Secret, unsignedPayload)).toBe(true);
  expect(verify(request('GET', `/other.txt?${query}`, headers), s3Secret, unsignedPayload)).toBe(false);
});

test("AWS's example of an S3 upload is accepted: a path with a special character is encoded once", () => {
  const body = sha256('Welcome to Amazon S3.');
  const headers = {
    date: 'Fri, 24 May 2013 00:00:00 GMT',
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': body,
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  };
  expect(verify(request('PUT', '/test%24file.text', headers), s3Secret, body)).toBe(true);
  expect(verify(request('PUT', '/test$file.text', headers), s3Secret, body)).toBe(true);
});

test('what is not a whole Signature Version 4 makes no claim', () => {
  expect(readClaim(request('GET', '/', {}))).toBeUndefined();
  expect(readClaim(request('GET', '/', { authorization: 'AWS AKIDEXAMPLE:abc' }))).toBeUndefined();
  const short = { ...listUsers(), authorization: listUsers().authorization.slice(0, -1) };
  expect(readClaim(request('GET', '/', short))).toBeUndefined();
  const foreign = { ...listUsers(), authorization: listUsers().authorization.replace('aws4_request', 'aws5_request') };
  expect(readClaim(request('GET', '/', foreign))).toBeUndefined();
});

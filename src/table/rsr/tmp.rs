//! tmp
#![allow(missing_docs, clippy::todo)]
use std::borrow::Cow; use jiff::tz::TimeZone;
#[derive(Debug, Clone)] pub struct RsrRule { pub source: Source }
#[derive(Debug, Clone)] pub enum Source { Constant(String), Path(Vec<Part>) }
#[derive(Debug, Clone)] pub enum Part { Text(String), Nested(Vec<RsrRule>) }
pub struct Value<'v> { pub text: &'v str, pub list_json: Option<&'v str> }
impl RsrRule { pub fn parse(_: &str)->Result<Self,String>{todo!()} pub fn parse_list(_: &str)->Result<Vec<Self>,String>{todo!()}
 pub fn bare(_: Source)->Self{todo!()} pub fn nothing()->Self{todo!()} pub fn is_bare(&self)->bool{todo!()} pub fn path_text(&self)->Option<&str>{todo!()} pub fn text(&self)->String{todo!()}
 pub fn finish<'v>(&self, _: Value<'v>, _: &TimeZone, _: i64)->Result<Cow<'v,str>,String>{todo!()} }
#[derive(Debug, Clone)] pub struct Expression;
impl Expression { pub fn parse(_: &str)->Result<Self,String>{todo!()} pub fn passes(&self,_:&str,_:&TimeZone,_:i64)->bool{todo!()} pub fn is_exactly_empty(&self)->bool{todo!()} }

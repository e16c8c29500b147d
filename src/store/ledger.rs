//! stub
pub struct Progress;
pub struct Reading;
pub struct Resume;
